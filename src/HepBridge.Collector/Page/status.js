// State of the agent, of switches and of registrations.
import { listCalls, readStatus, throttled } from './api.js';
import { badge, h, svg, table } from './dom.js';
import { bytes, duration, iso, none, number, when } from './format.js';

function polled(title, setTitle, draw) {
  setTitle(title);
  const content = h('div');
  const load = throttled(async () => {
    try {
      const parts = await draw();
      // Not updated while the keyboard focus is in a table.
      if (!content.contains(document.activeElement)) {
        const scrolled = [...content.querySelectorAll('.scroll')].map(e => e.scrollLeft);
        content.replaceChildren(...parts.flat().filter(Boolean));
        content.querySelectorAll('.scroll').forEach((e, i) => { e.scrollLeft = scrolled[i] || 0; });
      }
    } catch (error) {
      content.replaceChildren(h('p', { class: 'notice', role: 'alert' }, error.message));
    }
  });
  const timer = setInterval(load, 2000);
  load();
  return { element: h('div', null, h('h1', { tabindex: '-1' }, title), content), close: () => clearInterval(timer) };
}

const absent = what => h('p', { class: 'muted card pad' }, `${what} not available: this collector only receives packets. Add "web": {} to an agent’s config.json to see its state.`);
const moment = text => (text ? h('time', { title: text }, when(Date.parse(text) * 1000)) : none);
const ok = (good, text) => badge(good ? 'good' : 'bad', text);
const remark = (state, text) => (text ? [state, h('small', { class: 'remark muted' }, text)] : state);
const section = (name, ...children) => h('section', null, h('h2', null, name), children);

export const agentView = (_, setTitle) => polled('Agent', setTitle, async () => {
  const status = await readStatus();
  return [status.agent ? agent(status) : absent('The agent’s state is'), viewer(status)];
});

// "1.4.0+3f2a91c" is 1.4.0: the build is in the tooltip.
const version = text => h('span', { title: text }, text.split('+')[0]);
const rate = (history, name, now) => h('span', { class: 'rate' }, spark(history[name], `${name} a second`), h('span', null, number(now ?? (history[name] || []).at(-1))));

function agent(status) {
  const a = status.agent;
  const last = status.history;
  return [
    h('div', { class: 'tiles' },
      tile('Version', version(a.version)), tile('Started', moment(a.started)), tile('Events a second', rate(last, 'events', a.eventsPerSecond)), tile('Packets a second', rate(last, 'packets', a.packetsPerSecond)),
      tile('Legs known', number(a.legs, 0)), tile('Events held', number(a.held, 0))),
    section('Inputs', a.inputs.length === 0 ? h('p', { class: 'muted' }, 'None. Add esl_config or multicast_config to config.json.') : table('Inputs',
      [{ name: 'Input' }, { name: 'State' }, { name: 'Events', right: true }, { name: 'A second', right: true }],
      a.inputs.map(i => [h('span', { class: 'mono' }, i.name), remark(ok(i.ok, i.state), i.detail), number(i.received, 0), rate(last, `in ${i.name}`, i.eventsPerSecond)]))),
    section('Outputs', a.outputs.length === 0 ? h('p', { class: 'muted' }, 'None. Add hep_config to config.json.') : table('Outputs',
      [{ name: 'Collector' }, { name: 'State' }, { name: 'Sent', right: true }, { name: 'A second', right: true }, { name: 'Queued', right: true }, { name: 'Dropped', right: true },
        { name: 'Queue' }, { name: 'Spool', right: true }],
      a.outputs.map(o => [h('span', { class: 'mono' }, o.name), remark(ok(o.ok, o.state), o.detail), number(o.sent, 0), rate(last, `out ${o.name}`, o.packetsPerSecond), number(o.queued, 0), number(o.dropped, 0),
        gauge(o.ringBytes, o.ringCapacity, 'Queue'), o.spoolBytes === undefined ? 'off' : `${number(o.spooled, 0)} (${bytes(o.spoolBytes)})`]))),
    section('Not reported or not sent', a.drops.length === 0 ? h('p', { class: 'muted' }, 'Nothing.') : table('Drops by reason',
      [{ name: 'Where' }, { name: 'Reason' }, { name: 'Count', right: true }, { name: 'What to do' }], a.drops.map(d => [d.where, words(d.reason), number(d.count, 0), h('span', { class: 'advice' }, d.advice || none)]))),
  ];
}

// HoldExpired → hold expired.
const words = reason => reason.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

const advice = {
  'without a Call-ID': 'The packet has neither a SIP Call-ID nor chunk 0x11. Check the sender: Homer cannot correlate it, either.',
  'impossible time, replaced by the time of arrival': 'The sender has no clock, or a wrong one. Check NTP there.',
  'removed from the middle of long legs': 'A leg keeps only its first and its newest packets.',
  'calls removed for newer ones': 'The page keeps only the newest calls. Homer keeps the rest.',
  'dropped because the page was busy': 'The page could not keep up; the collectors still got these packets.',
};

function viewer(status) {
  const v = status.viewer;
  const rejected = Object.entries(v.rejected).map(([reason, count]) => [`not HEP3: ${words(reason)}`, number(count, 0), 'Another program sends to this port, or the packet was damaged.']);
  const row = (what, count) => [what, number(count, 0), h('span', { class: 'advice' }, (count > 0 && advice[what]) || '')];
  const rows = [row('packets received', v.received), row('kept', v.kept), row('without a Call-ID', v.withoutCallId), row('impossible time, replaced by the time of arrival', v.impossibleTimes),
    row('removed from the middle of long legs', v.shortened), row('calls removed for newer ones', v.evicted), row('dropped because the page was busy', status.intakeDropped), ...rejected];
  return section('This page',
    h('div', { class: 'tiles' },
      h('div', { class: 'tile card' }, h('span', { class: 'muted' }, 'Calls kept'), h('strong', null, number(v.calls, 0)), gauge(v.calls, v.maxCalls, 'Calls', n => number(n, 0))),
      h('div', { class: 'tile card' }, h('span', { class: 'muted' }, 'Memory'), h('strong', null, bytes(v.bytes)), gauge(v.bytes, v.maxBytes, 'Memory')),
      tile('Legs kept', number(v.legs, 0)), tile('Packets a second', rate(status.history, 'kept'))),
    table('What this page received', [{ name: 'What' }, { name: 'Count', right: true }, { name: 'What it means' }], rows));
}

export const peersView = (_, setTitle) => polled('Peers and registrations', setTitle, async () => {
  const [status, seen] = await Promise.all([readStatus(), listCalls({ kind: 'registrations', size: 50 })]);
  const a = status.agent;
  return [
    section('Switches', !a ? absent('Switches are') : a.peers.length === 0 ? h('p', { class: 'muted' }, 'None yet. A switch is listed after its first event; it sends a HEARTBEAT every 20 s. Check the inputs on the Agent page.') : table('Switches',
      [{ name: 'Switch' }, { name: 'Address' }, { name: 'State' }, { name: 'Last event' }, { name: 'Events', right: true }, { name: 'Clock', right: true }],
      a.peers.map(p => [p.name || none, h('span', { class: 'mono' }, p.address), ok(p.up, p.up ? 'up' : 'silent'), moment(p.lastHeard), number(p.events, 0), clockDifference(p.clockDifference)]))),
    section('Registrations', !a ? absent('Registrations as the switch reports them are') : a.registrations.length === 0 ? h('p', { class: 'muted' }, 'None reported yet. They need report_registration_events in the input’s section.') : table('Registrations',
      [{ name: 'User' }, { name: 'Contact' }, { name: 'Switch' }, { name: 'State' }, { name: 'Since' }, { name: 'Expires' }],
      a.registrations.map(r => [r.user, h('span', { class: 'mono' }, r.contact), r.switch, r.state, moment(r.since), moment(r.expires)]))),
    section('REGISTER dialogs seen', seen.calls.length === 0 ? h('p', { class: 'muted' }, 'None. These require the switch’s own SIP capture: point mod_sofia’s capture-server to a collector with this page.') : table('REGISTER dialogs',
      [{ name: 'Time' }, { name: 'User' }, { name: 'Between' }, { name: 'Result' }],
      seen.calls.map(c => [h('time', { title: iso(c.first) }, when(c.first)), h('a', { href: `#/call/${c.id}` }, h('bdi', null, c.from || c.legs[0].callId)), h('span', { class: 'mono' }, c.source ? `${c.source} → ${c.destination}` : none),
        c.state === 'answered' ? badge('good', c.cause) : c.state === 'failed' ? badge('bad', c.cause) : 'no answer yet']))),
  ];
});

// A .NET TimeSpan as text, [-][d.]hh:mm:ss[.fffffff]: under a second is the network's delay.
function clockDifference(text) {
  const parts = /^(-?)(?:(\d+)\.)?(\d+):(\d+):([\d.]+)$/.exec(text || '');
  if (!parts) {
    return none;
  }
  const seconds = (Number(parts[2] || 0) * 86400) + (parts[3] * 3600) + (parts[4] * 60) + Number(parts[5]);
  const shown = `${parts[1] ? '−' : '+'}${seconds < 120 ? `${seconds.toFixed(seconds < 10 ? 2 : 0)} s` : duration(seconds * 1e6)}`;
  return seconds > 2 ? badge('bad', shown) : shown;
}

// A sparkline of a rate over the last minutes.
function spark(values, name) {
  if (!values || values.length < 2) {
    return null;
  }
  const top = Math.max(1, ...values);
  const points = values.map((v, i) => `${((i / (values.length - 1)) * 88 + 1).toFixed(1)},${(21 - (v / top) * 19).toFixed(1)}`);
  return svg('svg', { class: 'spark', width: 90, height: 22, viewBox: '0 0 90 22', role: 'img', 'aria-label': `${name} over the last minutes, at most ${number(top)}` },
    svg('polyline', { class: 'series s1', points: points.join(' ') }));
}

const tile = (name, value) => h('div', { class: 'tile card' }, h('span', { class: 'muted' }, name), h('strong', null, value));

function gauge(value, most, name, format = bytes) {
  return h('span', { class: 'gauge' }, h('meter', { min: 0, max: most, value, high: most * 0.75, 'aria-label': `${name} in use` }), h('small', { class: 'muted' }, `${format(value)} of ${format(most)}`));
}
