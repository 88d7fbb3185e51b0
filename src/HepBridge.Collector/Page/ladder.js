// One flow in the order of time: hosts side by side, an arrow for what went from one to another, a note for what happened at one.
import { readPacket } from './api.js';
import { h } from './dom.js';
import { clock, endpoint, hostName } from './format.js';

const kinds = { sip: 'SIP', event: 'Event', rtcp: 'RTCP', qos: 'QoS', log: 'Log', other: 'Other' };
const firstShown = 1000;
const arrivalText = 'time of arrival: the packet’s own time is impossible';

export function ladder(legNames) {
  const hidden = new Set();
  const rows = new Map();
  let hosts = [];
  let packets = [];
  let all = false;
  const list = h('ol', { class: 'ladder' });
  const head = h('div', { class: 'hosts' });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'What the ladder shows' });
  const more = h('div', { class: 'pager' });

  function update(detail) {
    packets = detail.packets;
    const now = hostsOf(packets);
    if (now.join() !== hosts.join() || detail.allLegs !== list.allLegs) {
      hosts = now;
      list.allLegs = detail.allLegs;
      rows.clear();
      list.replaceChildren();
    }
    draw();
  }

  function draw() {
    const shown = packets.filter(p => !hidden.has(p.kind));
    const visible = all ? shown : shown.slice(0, firstShown);
    drawChips();
    scroller.style.setProperty('--hosts', hosts.length);
    head.replaceChildren(h('span'), h('span'), h('div', { class: 'lanes' }, hosts.map(host => h('span', { class: 'host', title: hostName(host) }, hostName(host)))));
    const wanted = visible.map((packet, i) => row(packet, visible[i - 1]));
    // Elements that are there already keep their place, their focus and what is open in them.
    wanted.forEach((element, i) => {
      if (list.children[i] !== element) {
        list.insertBefore(element, list.children[i] || null);
      }
    });
    list.classList.toggle('many', wanted.length > 400);
    while (list.children.length > wanted.length) {
      list.lastChild.remove();
    }
    more.replaceChildren(...(visible.length < shown.length
      ? [h('button', { type: 'button', onclick: () => { all = true; draw(); } }, `Show all ${shown.length.toLocaleString('en')} packets`)] : []));
  }

  function drawChips() {
    const counts = {};
    packets.forEach(p => { counts[p.kind] = (counts[p.kind] || 0) + 1; });
    const text = JSON.stringify([counts, [...hidden]]);
    if (chips.text === text) {
      return;
    }
    chips.text = text;
    const focused = [...chips.children].indexOf(document.activeElement);
    chips.replaceChildren(...Object.keys(kinds).filter(k => counts[k]).map(k => h('button', {
      type: 'button', class: 'toggle', 'aria-pressed': String(!hidden.has(k)),
      onclick: () => {
        hidden[hidden.has(k) ? 'delete' : 'add'](k);
        draw();
      },
    }, `${kinds[k]} ${counts[k]}`)));
    chips.children[focused]?.focus();
  }

  function row(packet, before) {
    const key = `${packet.call}-${packet.number}`;
    if (!rows.has(key)) {
      rows.set(key, makeRow(packet, key));
    }
    const { element, gap } = rows.get(key);
    gap.textContent = before ? `+${((packet.time - before.time) / 1e6).toFixed(3)}` : '';
    return element;
  }

  function makeRow(packet, key) {
    const gap = h('span', { class: 'gap' });
    const note = packet.source === packet.destination;
    const leg = list.allLegs && legNames(packet.call);
    const words = [clock(packet.time, 3), kinds[packet.kind], leg ? `leg ${leg}` : '', packet.title, packet.detail,
      note ? `at ${hostName(packet.source)}` : `from ${hostName(packet.source)} to ${hostName(packet.destination)}`,
      packet.timeIsArrival ? arrivalText : '', packet.alert ? 'attention' : ''];
    const body = h('div', { class: 'packet', id: `packet-${key}`, hidden: true });
    const button = h('button', {
      type: 'button', class: `row ${packet.kind}${packet.alert ? ' alert' : ''}`, 'aria-expanded': 'false', 'aria-controls': body.id,
      'aria-label': words.filter(Boolean).join(', '),
      onclick: () => open(packet, button, body),
    },
    h('span', { class: 'time', title: packet.timeIsArrival ? arrivalText : null }, packet.timeIsArrival ? '≈ ' : '', clock(packet.time, 3), gap),
    h('span', { class: 'kind' }, leg ? `${leg} · ` : '', kinds[packet.kind]),
    h('span', { class: 'lanes' }, note ? noteAt(packet) : arrow(packet)));
    return { element: h('li', null, button, body), gap };
  }

  function noteAt(packet) {
    // Short ones sit on their host's line; long ones lean inwards, so that they never leave the ladder.
    const at = (hosts.indexOf(packet.source) + 0.5) / hosts.length;
    const lean = packet.title.length + packet.detail.length < 10 ? 0.5 : at;
    return h('span', { class: 'note', style: { '--at': at, '--lean': lean } },
      h('span', { class: 'pill' }, packet.alert ? '⚠ ' : '', h('bdi', null, packet.title), packet.detail ? h('small', null, h('bdi', null, packet.detail)) : null));
  }

  function arrow(packet) {
    const from = hosts.indexOf(packet.source);
    const to = hosts.indexOf(packet.destination);
    const left = Math.min(from, to);
    const span = Math.abs(from - to);
    return h('span', { class: `arrow ${to > from ? 'right' : 'left'}`, style: { '--left': (left + 0.5) / hosts.length, '--span': span / hosts.length } },
      h('span', { class: 'label' }, packet.alert ? '⚠ ' : '', h('bdi', null, packet.title), packet.detail ? h('small', null, ' ', h('bdi', null, packet.detail)) : null),
      h('span', { class: 'line' }),
      h('span', { class: 'ports' }, h('span', null, ends(packet, to > from ? 'sourcePort' : 'destinationPort')), h('span', null, ends(packet, to > from ? 'destinationPort' : 'sourcePort'))));
  }

  const scroller = h('div', { class: 'flow' }, head, list);
  return { element: h('div', null, chips, h('div', { class: 'scroll', role: 'region', 'aria-label': 'Ladder', tabindex: '0' }, scroller), more), update };
}

const ends = (packet, side) => (packet[side] ? `:${packet[side]}` : '');

// In the order in which they speak: the caller, the switch, the called side.
function hostsOf(packets) {
  const hosts = new Set();
  for (const packet of packets.filter(p => p.kind === 'sip').concat(packets)) {
    hosts.add(packet.source).add(packet.destination);
  }
  return [...hosts];
}

async function open(packet, button, body) {
  const opening = body.hidden;
  button.setAttribute('aria-expanded', String(opening));
  body.hidden = !opening;
  if (!opening || body.firstChild) {
    return;
  }
  body.textContent = 'Reading…';
  try {
    const full = await readPacket(packet.call, packet.number);
    body.replaceChildren(
      h('p', { class: 'meta' }, `${endpoint(full.source, full.sourcePort)} → ${endpoint(full.destination, full.destinationPort)} · ${full.timeIsArrival ? `${arrivalText} · ` : ''}${protocol(full.protocol)} · type ${full.type} · capture id ${full.captureId}${full.node ? ` · node ${full.node}` : ''} · ${packet.size} bytes`),
      h('pre', { tabindex: '0', 'aria-label': 'Content of the packet' }, pretty(full.payload)));
  } catch (error) {
    body.textContent = error.message;
  }
}

const protocol = number => ({ 6: 'TCP', 17: 'UDP', 22: 'TLS', 132: 'SCTP' })[number] || `protocol ${number}`;

function pretty(text) {
  if (!text.trimStart().startsWith('{')) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Broken JSON is shown as it came.
    return text;
  }
}
