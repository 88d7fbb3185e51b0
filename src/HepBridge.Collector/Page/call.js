// One call: who, how it went, its legs, its audio, its ladder.
import { readCall, readStatus, throttled } from './api.js';
import { badge, h } from './dom.js';
import { duration, levels, mos, party, percent, states, when } from './format.js';
import { ladder } from './ladder.js';
import { quality, verdict } from './quality.js';

// Stays when one goes from leg to leg.
let allLegs = false;

export function callView(id, setTitle) {
  let tag = '';
  let detail = null;
  let jitterUnit;
  let closed = false;
  const legName = leg => String.fromCharCode(65 + (detail.legs.findIndex(l => l.id === leg) % 26));
  const flow = ladder(legName);
  const head = h('div');
  const media = h('div');
  const problem = h('p', { class: 'notice', role: 'alert', hidden: true });
  const title = h('h1', { tabindex: '-1' }, 'Call');

  const load = throttled(async () => {
    if (closed) {
      return;
    }
    try {
      const next = await readCall(id, allLegs, tag);
      problem.hidden = true;
      if (next && !closed) {
        detail = next;
        tag = next.etag;
        draw();
      }
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  });

  function draw() {
    const call = detail.call;
    const [from, to] = party(call.from, call.to);
    setTitle(`${from} → ${to}`);
    title.replaceChildren(h('bdi', null, from), call.kind === 'registration' ? '' : h('span', { class: 'to', 'aria-label': ' to ' }, ' → '), call.kind === 'registration' ? '' : h('bdi', null, to));
    head.replaceChildren(
      h('p', { class: 'facts' },
        h('span', { class: `state ${call.state}` }, call.kind === 'call' ? states[call.state] : call.kind), call.cause ? h('span', null, call.cause) : null,
        h('span', null, when(call.first)), call.duration === undefined ? null : h('span', null, `${duration(call.duration)} talked`), h('span', null, `${call.packets} packets`)),
      h('dl', { class: 'ids' },
        h('dt', null, 'Call-ID'), h('dd', { class: 'mono' }, call.callId),
        call.uuids.length ? [h('dt', null, 'UUID'), h('dd', { class: 'mono' }, call.uuids.join(', '))] : null),
      verdict(detail) || '',
      detail.legs.length > 1 ? legCards() : '',
      detail.dropped ? h('p', { class: 'notice' }, `This call is very long: ${detail.dropped} packets of its middle were not kept.`) : '');
    media.replaceChildren(quality(detail, legName, jitterUnit));
    for (const link of exports) {
      link.href = `api/calls/${id}/export.${link.dataset.kind}${allLegs ? '?legs=all' : ''}`;
    }
    together.hidden = detail.legs.length < 2;
    flow.update(detail);
  }

  function legCards() {
    return h('ul', { class: 'legs', 'aria-label': 'Legs of this call' }, detail.legs.map(leg => {
      const here = String(leg.id) === String(id);
      return h('li', null, h('a', { class: `card leg${leg.level === 'bad' ? ' is-bad' : ''}`, href: `#/call/${leg.id}`, 'aria-current': here ? 'true' : null },
        h('span', { class: 'name' }, `Leg ${legName(leg.id)}`, here ? h('small', null, ' shown here') : null),
        h('span', { class: 'mono' }, leg.source ? `${leg.source} → ${leg.destination}` : leg.callId),
        h('span', { class: 'figures' }, levels[leg.level] ? badge(leg.level, levels[leg.level]) : h('span', { class: 'muted' }, 'no report'),
          h('span', null, `MOS ${mos(leg.mos)}`), h('span', null, `loss ${percent(leg.loss)}`))));
    }));
  }

  const together = h('button', {
    type: 'button', class: 'toggle', 'aria-pressed': String(allLegs), hidden: true,
    onclick: () => {
      allLegs = !allLegs;
      tag = '';
      together.setAttribute('aria-pressed', String(allLegs));
      load();
    },
  }, 'All legs together');
  const exports = [['json', 'Export JSON'], ['hep', 'Export HEP3']].map(([kind, text]) => h('a', { class: 'button', 'data-kind': kind, href: `api/calls/${id}/export.${kind}`, download: '' }, text));

  const element = h('div', { class: 'call' },
    h('p', { class: 'crumbs' }, h('a', { href: '#/calls' }, '← Calls')),
    h('div', { class: 'heading' }, title, h('div', { class: 'actions' }, together, exports)),
    problem, head,
    h('section', { 'aria-labelledby': 'audio' }, h('h2', { id: 'audio' }, 'Audio'), media),
    h('section', { 'aria-labelledby': 'flow' }, h('h2', { id: 'flow' }, 'Ladder'), flow.element));

  readStatus().then(s => { jitterUnit = s.jitterUnit; }, () => { jitterUnit = undefined; }).then(load);
  return { element, changed: load, close: () => { closed = true; } };
}
