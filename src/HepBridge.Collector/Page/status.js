// How the agent is, whom it hears, who is registered.
import { listCalls, readStatus, throttled } from './api.js';
import { badge, h, table } from './dom.js';
import { bytes, none, number, when } from './format.js';

function polled(title, setTitle, draw) {
  setTitle(title);
  const content = h('div');
  const load = throttled(async () => {
    try {
      const parts = await draw();
      // While someone reads with the keyboard in a table, it is left alone.
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

const absent = what => h('p', { class: 'muted card pad' }, `${what} not available: this viewer only receives packets, there is no agent behind it.`);
const iso = text => (text ? when(Date.parse(text) * 1000) : none);
const ok = (good, text) => badge(good ? 'good' : 'bad', text);
const remark = (state, text) => (text ? [state, h('small', { class: 'remark muted' }, text)] : state);
const section = (name, ...children) => h('section', null, h('h2', null, name), children);

export const agentView = (_, setTitle) => polled('Agent', setTitle, async () => {
  const status = await readStatus();
  return [status.agent ? agent(status.agent) : absent('The agent’s state is'), viewer(status)];
});

function agent(a) {
  return [
    h('div', { class: 'tiles' },
      tile('Version', a.version), tile('Started', iso(a.started)), tile('Events a second', number(a.eventsPerSecond)), tile('Packets a second', number(a.packetsPerSecond)),
      tile('Legs known', number(a.legs, 0)), tile('Events held', number(a.held, 0))),
    section('Inputs', a.inputs.length === 0 ? h('p', { class: 'muted' }, 'None.') : table('Inputs',
      [{ name: 'Input' }, { name: 'State' }, { name: 'Events', right: true }, { name: 'A second', right: true }],
      a.inputs.map(i => [h('span', { class: 'mono' }, i.name), remark(ok(i.ok, i.state), i.detail), number(i.received, 0), number(i.eventsPerSecond)]))),
    section('Outputs', a.outputs.length === 0 ? h('p', { class: 'muted' }, 'None.') : table('Outputs',
      [{ name: 'Collector' }, { name: 'State' }, { name: 'Sent', right: true }, { name: 'A second', right: true }, { name: 'Queued', right: true }, { name: 'Dropped', right: true },
        { name: 'Ring' }, { name: 'Spool', right: true }],
      a.outputs.map(o => [h('span', { class: 'mono' }, o.name), remark(ok(o.ok, o.state), o.detail), number(o.sent, 0), number(o.packetsPerSecond), number(o.queued, 0), number(o.dropped, 0),
        gauge(o.ringBytes, o.ringCapacity, 'Ring'), o.spoolBytes === undefined ? 'off' : `${number(o.spooled, 0)} (${bytes(o.spoolBytes)})`]))),
    section('Not reported or not sent', a.drops.length === 0 ? h('p', { class: 'muted' }, 'Nothing.') : table('Drops by reason',
      [{ name: 'Where' }, { name: 'Reason' }, { name: 'Count', right: true }], a.drops.map(d => [d.where, d.reason, number(d.count, 0)]))),
  ];
}

function viewer(status) {
  const v = status.viewer;
  const rejected = Object.entries(v.rejected).map(([reason, count]) => [`not HEP3: ${reason}`, number(count, 0)]);
  const rows = [['packets received', number(v.received, 0)], ['kept', number(v.kept, 0)], ['without a Call-ID', number(v.withoutCallId, 0)], ['kept with their time of arrival: own time impossible', number(v.impossibleTimes, 0)], ['left the middle of long calls', number(v.shortened, 0)],
    ['calls that left for newer ones', number(v.evicted, 0)], ['dropped because the viewer was busy', number(status.intakeDropped, 0)], ...rejected];
  return section('This viewer',
    h('div', { class: 'tiles' },
      h('div', { class: 'tile card' }, h('span', { class: 'muted' }, 'Calls kept'), h('strong', null, number(v.calls, 0)), gauge(v.calls, v.maxCalls, 'Calls', n => number(n, 0))),
      h('div', { class: 'tile card' }, h('span', { class: 'muted' }, 'Memory'), h('strong', null, bytes(v.bytes)), gauge(v.bytes, v.maxBytes, 'Memory'))),
    table('What this viewer received', [{ name: 'What' }, { name: 'Count', right: true }], rows));
}

export const peersView = (_, setTitle) => polled('Peers and registrations', setTitle, async () => {
  const [status, seen] = await Promise.all([readStatus(), listCalls({ kind: 'registrations', size: 50 })]);
  const a = status.agent;
  return [
    section('Switches heard over multicast', !a ? absent('Peers are') : a.peers.length === 0 ? h('p', { class: 'muted' }, 'None: no multicast input, or nothing heard yet.') : table('Peers',
      [{ name: 'Switch' }, { name: 'Address' }, { name: 'State' }, { name: 'Last heard' }, { name: 'Events', right: true }, { name: 'Lost', right: true }],
      a.peers.map(p => [p.name, h('span', { class: 'mono' }, p.address), ok(p.up, p.up ? 'up' : 'down'), iso(p.lastHeard), number(p.events, 0), number(p.lost, 0)]))),
    section('Registrations', !a ? absent('Registrations as the switch reports them are') : a.registrations.length === 0 ? h('p', { class: 'muted' }, 'None reported yet.') : table('Registrations',
      [{ name: 'User' }, { name: 'Contact' }, { name: 'Switch' }, { name: 'State' }, { name: 'Since' }, { name: 'Expires' }],
      a.registrations.map(r => [r.user, h('span', { class: 'mono' }, r.contact), r.switch, r.state, iso(r.since), iso(r.expires)]))),
    section('REGISTER dialogs seen', seen.calls.length === 0 ? h('p', { class: 'muted' }, 'None. They come from the switch’s own SIP capture.') : table('REGISTER dialogs',
      [{ name: 'Time' }, { name: 'User' }, { name: 'Between' }, { name: 'Result' }],
      seen.calls.map(c => [when(c.first), h('a', { href: `#/call/${c.id}` }, h('bdi', null, c.from || c.callId)), h('span', { class: 'mono' }, c.source ? `${c.source} → ${c.destination}` : none),
        c.state === 'answered' ? badge('good', c.cause) : c.state === 'failed' ? badge('bad', c.cause) : 'no answer yet']))),
  ];
});

const tile = (name, value) => h('div', { class: 'tile card' }, h('span', { class: 'muted' }, name), h('strong', null, value));

function gauge(value, most, name, format = bytes) {
  return h('span', { class: 'gauge' }, h('meter', { min: 0, max: most, value, high: most * 0.75, 'aria-label': `${name} in use` }), h('small', { class: 'muted' }, `${format(value)} of ${format(most)}`));
}
