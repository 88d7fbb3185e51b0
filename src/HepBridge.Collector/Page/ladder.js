// All legs in one ladder by time: hosts side by side, an arrow for each message, a note for each event at a host. Media reports fold into one bar for
// each stream, consecutive digits and log lines into one note; each expands to its packets.
import { copy, findInCall, readPacket } from './api.js';
import { h } from './dom.js';
import { clock, endpoint, hostName, iso, legName, mos, number, percent } from './format.js';

const kinds = { sip: 'SIP', event: 'Events', dtmf: 'DTMF', log: 'Log', media: 'Media', other: 'Other' };
const kindNames = { sip: 'SIP', event: 'Event', dtmf: 'DTMF', log: 'Log', rtcp: 'RTCP', qos: 'QoS', media: 'RTP', other: 'Other' };
const firstShown = 1000;
const leastFolded = { dtmf: 2, log: 3 };
const arrivalText = 'time of arrival: the packet’s own time is impossible';
const kindOf = packet => (packet.kind === 'rtcp' || packet.kind === 'qos' ? 'media' : packet.kind);
const keyOf = packet => `${packet.leg}-${packet.number}`;

export function ladder(id) {
  const hidden = new Set();
  const hiddenLegs = new Set();
  const opened = new Set();
  const rows = new Map();
  const bodies = new Map();
  let detail = { packets: [], streams: [], hosts: [], call: { legs: [] } };
  let hosts = [];
  let all = false;
  let found = null;
  let timer = 0;
  const list = h('ol', { class: 'ladder' });
  const head = h('div', { class: 'hosts' });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Ladder filters' });
  const more = h('div', { class: 'pager' });
  const count = h('span', { class: 'muted', role: 'status' });
  const search = h('input', {
    type: 'search', id: 'find', placeholder: 'Search in messages', autocomplete: 'off', spellcheck: 'false',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(find, 200);
    },
  });

  const nameOf = leg => legName(detail.call.legs.findIndex(l => l.id === leg));
  const isShown = packet => !hidden.has(kindOf(packet)) && !hiddenLegs.has(packet.leg);

  function update(next) {
    detail = next;
    const now = [...new Set([...detail.hosts, ...detail.packets.flatMap(p => [p.source, p.destination])])].filter(host => detail.packets.some(p => p.source === host || p.destination === host));
    if (now.join() !== hosts.join()) {
      hosts = now;
      rows.clear();
      list.replaceChildren();
    }
    if (search.value) {
      find();
    }
    draw();
  }

  async function find() {
    const text = search.value.trim();
    try {
      found = text ? new Set((await findInCall(id, text)).packets) : null;
    } catch (error) {
      count.textContent = error.message;
      return;
    }
    if (search.value.trim() === text) {
      draw();
    }
  }

  // Packets by time, folded.
  function items() {
    const shown = detail.packets.filter(isShown);
    if (found) {
      const hits = shown.filter(p => found.has(keyOf(p)));
      count.textContent = `${hits.length} of ${shown.length}`;
      return hits.map(packet => ({ key: keyOf(packet), packet }));
    }
    count.textContent = '';
    const result = [];
    const streams = new Map();
    let run = null;
    for (const packet of shown) {
      const stream = packet.stream === undefined ? undefined : detail.streams[packet.stream];
      if (stream) {
        if (!streams.has(packet.stream)) {
          const item = { key: `stream-${stream.leg}-${stream.from}-${stream.fromPort}-${stream.to}-${stream.toPort}`, stream, packets: [] };
          streams.set(packet.stream, item);
          result.push(item);
        }
        streams.get(packet.stream).packets.push(packet);
        continue;
      }
      if (run && run.kind === packet.kind && run.leg === packet.leg) {
        run.packets.push(packet);
        continue;
      }
      run = leastFolded[packet.kind] ? { key: `run-${keyOf(packet)}`, kind: packet.kind, leg: packet.leg, packets: [packet] } : null;
      result.push(run || { key: keyOf(packet), packet });
    }
    return result.flatMap(item => (item.kind && item.packets.length < leastFolded[item.kind] ? item.packets.map(packet => ({ key: keyOf(packet), packet })) : [item]));
  }

  function draw() {
    const wanted = items();
    const visible = all ? wanted : wanted.slice(0, firstShown);
    drawChips();
    scroller.style.setProperty('--hosts', hosts.length);
    head.replaceChildren(h('span'), h('span'), h('div', { class: 'lanes' }, hosts.map(host => h('span', { class: 'host', title: hostName(host) }, hostName(host)))));
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    let before = null;
    const elements = visible.map(item => {
      const time = (item.packet || item.packets[0]).time;
      const row = rowOf(item);
      row.gap.textContent = before === null ? '' : `+${((time - before) / 1e6).toFixed(3)}`;
      before = time;
      return row.element;
    });
    // Existing elements keep their position, focus and open content.
    elements.forEach((element, i) => {
      if (list.children[i] !== element) {
        list.insertBefore(element, list.children[i] || null);
      }
    });
    while (list.children.length > elements.length) {
      list.lastChild.remove();
    }
    list.classList.toggle('many', elements.length > 400);
    if (focused && document.activeElement === document.body) {
      list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
    more.replaceChildren(...(visible.length < wanted.length
      ? [h('button', { type: 'button', onclick: () => { all = true; draw(); } }, `Show all ${wanted.length.toLocaleString('en')} rows`)] : []));
  }

  function drawChips() {
    const counts = {};
    detail.packets.filter(p => !hiddenLegs.has(p.leg)).forEach(p => { counts[kindOf(p)] = (counts[kindOf(p)] || 0) + 1; });
    const legs = detail.call.legs.length > 1 ? detail.call.legs.map(l => l.id) : [];
    const text = JSON.stringify([counts, [...hidden], legs, [...hiddenLegs]]);
    if (chips.text === text) {
      return;
    }
    chips.text = text;
    const focused = [...chips.children].indexOf(document.activeElement);
    const chip = (name, set, value) => h('button', {
      type: 'button', class: 'toggle', 'aria-pressed': String(!set.has(value)),
      onclick: () => {
        set[set.has(value) ? 'delete' : 'add'](value);
        draw();
      },
    }, name);
    chips.replaceChildren(...legs.map(leg => chip(`Leg ${nameOf(leg)}`, hiddenLegs, leg)), ...Object.keys(kinds).filter(k => counts[k] || hidden.has(k)).map(k => chip(`${kinds[k]} ${counts[k] || 0}`, hidden, k)));
    chips.children[focused]?.focus();
  }

  // Builds a row, or returns it if its content has not changed.
  function rowOf(item) {
    const mark = item.packet ? nameOf(item.packet.leg) : JSON.stringify([item.packets.length, item.stream, nameOf(item.packets[0].leg)]);
    let row = rows.get(item.key);
    if (row?.mark !== mark) {
      row = { mark, ...(item.packet ? packetRow(item.packet) : groupRow(item)) };
      rows.set(item.key, row);
    }
    return row;
  }

  const legText = leg => (detail.call.legs.length > 1 ? nameOf(leg) : '');

  function frame({ key, kind, alert, time, arrival, leg, words, lanes, controls, open, onclick }) {
    const gap = h('span', { class: arrival ? 'gap arrival' : 'gap' });
    const button = h('button', {
      type: 'button', class: `row ${kind}${alert ? ' alert' : ''}`, 'data-key': key, 'aria-expanded': String(open), 'aria-controls': controls,
      'aria-label': [clock(time, 3), kindNames[kind], legText(leg) ? `leg ${legText(leg)}` : '', ...words, arrival ? arrivalText : '', alert ? 'attention' : ''].filter(Boolean).join(', '),
      onclick,
    },
    h('span', { class: 'time', title: arrival ? arrivalText : iso(time) }, clock(time, 3), gap),
    h('span', { class: 'kind' }, legText(leg) ? h('span', { class: 'tag' }, legText(leg)) : '', kindNames[kind]),
    h('span', { class: 'lanes' }, lanes));
    return { button, gap };
  }

  function packetRow(packet) {
    const key = keyOf(packet);
    if (!bodies.has(key)) {
      bodies.set(key, h('div', { class: 'packet', id: `packet-${key}`, hidden: true }));
    }
    const body = bodies.get(key);
    const note = packet.source === packet.destination;
    const { button, gap } = frame({
      key, kind: packet.kind, alert: packet.alert, time: packet.time, arrival: packet.timeIsArrival, leg: packet.leg, controls: body.id, open: !body.hidden,
      words: [packet.title, packet.detail, note ? `at ${hostName(packet.source)}` : `from ${hostName(packet.source)} to ${hostName(packet.destination)}`],
      lanes: note ? noteAt(packet.source, packet.title, packet.detail, packet.alert)
        : arrow(packet.source, packet.destination, packet.alert, packet.title, packet.detail, packet.sourcePort, packet.destinationPort),
      onclick: () => open(packet, button, body),
    });
    return { element: h('li', null, button, body), gap };
  }

  function groupRow(item) {
    const first = item.packets[0];
    const last = item.packets[item.packets.length - 1];
    const children = h('ol', { class: 'children', id: `children-${first.leg}-${first.number}-${item.stream ? 's' : 'r'}`, hidden: !opened.has(item.key) });
    const fill = () => children.replaceChildren(...item.packets.map(packet => {
      const row = packetRow(packet);
      row.gap.textContent = `+${((packet.time - first.time) / 1e6).toFixed(3)}`;
      return row.element;
    }));
    if (!children.hidden) {
      fill();
    }
    const s = item.stream;
    const alert = s ? s.level === 'bad' : item.packets.some(p => p.alert);
    const title = s ? `RTP${s.codec ? ` ${s.codec}` : ''}` : item.kind === 'dtmf' ? `DTMF ${item.packets.map(p => p.title.slice(5)).join('')}` : `${item.packets.length} log lines`;
    const text = s ? [
      s.mos === undefined ? '' : `MOS ${mos(s.mos)}`, s.maxLoss === undefined ? (s.meanLoss === undefined ? '' : `loss ${percent(s.meanLoss)}`) : `loss up to ${percent(s.maxLoss)}`,
      s.maxJitter === undefined ? '' : `jitter up to ${number(s.maxJitter)} ms`,
      `${item.packets.length} report${item.packets.length === 1 ? '' : 's'}`, last.time - first.time >= 1e6 ? `until ${clock(last.time)}` : '',
    ].filter(Boolean).join(' · ') : item.kind === 'log' ? first.title : '';
    const { button, gap } = frame({
      key: item.key, kind: s ? 'media' : item.kind, alert, time: first.time, leg: first.leg, controls: children.id, open: !children.hidden,
      words: [title, text, s ? `from ${hostName(s.from)} to ${hostName(s.to)}` : ''],
      lanes: s && s.from !== s.to ? arrow(s.from, s.to, alert, title, text, s.fromPort, s.toPort) : noteAt(first.source, title, text, alert),
      onclick: () => {
        const opening = children.hidden;
        opened[opening ? 'add' : 'delete'](item.key);
        children.hidden = !opening;
        button.setAttribute('aria-expanded', String(opening));
        if (opening) {
          fill();
        }
      },
    });
    return { element: h('li', { class: 'group' }, button, children), gap };
  }

  function noteAt(host, title, text, alert) {
    // Short notes sit on their host's line; long ones shift inward, so that they stay inside the ladder.
    const at = (hosts.indexOf(host) + 0.5) / hosts.length;
    const lean = title.length + text.length < 10 ? 0.5 : at;
    return h('span', { class: 'note', style: { '--at': at, '--lean': lean } },
      h('span', { class: 'pill' }, alert ? '⚠ ' : '', h('bdi', null, title), text ? h('small', null, h('bdi', null, text)) : null));
  }

  function arrow(source, destination, alert, title, text, sourcePort, destinationPort) {
    const from = hosts.indexOf(source);
    const to = hosts.indexOf(destination);
    const left = Math.min(from, to);
    const right = to > from;
    return h('span', { class: `arrow ${right ? 'right' : 'left'}`, style: { '--left': (left + 0.5) / hosts.length, '--span': Math.abs(from - to) / hosts.length } },
      h('span', { class: 'label', title: text ? `${title}: ${text}` : null }, alert ? '⚠ ' : '', h('bdi', null, title), text ? h('small', null, ' ', h('bdi', null, text)) : null),
      h('span', { class: 'line' }),
      h('span', { class: 'ports' }, h('span', null, port(right ? sourcePort : destinationPort)), h('span', null, port(right ? destinationPort : sourcePort))));
  }

  const scroller = h('div', { class: 'flow' }, head, list);
  const element = h('div', null,
    h('div', { class: 'toolbar', role: 'search' }, h('div', { class: 'field' }, h('label', { for: 'find', class: 'hidden' }, 'Search in messages'), search), count, chips),
    h('div', { class: 'scroll', role: 'region', 'aria-label': 'Ladder', tabindex: '0' }, scroller), more);
  return {
    element,
    update,
    search,
    move(by) {
      const buttons = [...list.querySelectorAll('.row')].filter(b => b.offsetParent);
      const at = buttons.indexOf(document.activeElement);
      buttons[Math.max(0, Math.min(buttons.length - 1, at < 0 ? 0 : at + by))]?.focus();
    },
  };
}

const port = number => (number ? `:${number}` : '');

async function open(packet, button, body) {
  const opening = body.hidden;
  button.setAttribute('aria-expanded', String(opening));
  body.hidden = !opening;
  if (!opening || body.firstChild) {
    return;
  }
  body.textContent = 'Reading…';
  try {
    const full = await readPacket(packet.leg, packet.number);
    const text = pretty(full.payload);
    const copied = h('button', {
      type: 'button', class: 'quiet',
      onclick: async () => {
        await copy(full.payload);
        copied.textContent = 'Copied';
      },
    }, 'Copy');
    body.replaceChildren(
      h('p', { class: 'meta' }, `${endpoint(full.source, full.sourcePort)} → ${endpoint(full.destination, full.destinationPort)} · ${full.timeIsArrival ? `${arrivalText} · ` : ''}${protocol(full.protocol)} · type ${full.type} · capture id ${full.captureId}${full.node ? ` · node ${full.node}` : ''} · ${packet.size} bytes `, copied),
      h('pre', { tabindex: '0', 'aria-label': 'Content of the packet' }, text));
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
    // Broken JSON is shown unchanged.
    return text;
  }
}
