// One call: parties, outcome, legs, audio, ladder.
import { copy, readCall, readText, throttled } from './api.js';
import { badge, h } from './dom.js';
import { clock, day, duration, iso, legName, levels, mos, none, party, percent, span, states, zone } from './format.js';
import { ladder } from './ladder.js';
import { quality, qualitySummary } from './quality.js';
import { timeline } from './timeline.js';

export function callView(id, setTitle) {
  let tag = '';
  let detail = null;
  let closed = false;
  const flow = ladder(id);
  const head = h('div');
  const media = h('div');
  const problem = h('p', { class: 'notice', role: 'alert', hidden: true });
  const title = h('h1', { tabindex: '-1' }, 'Call');

  const load = throttled(async () => {
    if (closed) {
      return;
    }
    try {
      const next = await readCall(id, tag);
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
    const isCall = call.kind === 'call';
    setTitle(`${from} → ${to}`);
    title.replaceChildren(h('bdi', null, from), ...(call.kind === 'registration' ? [] : [h('span', { class: 'to', 'aria-label': ' to ' }, ' → '), h('bdi', null, to)]));
    head.replaceChildren(
      h('p', { class: 'facts' },
        h('span', { class: `state ${call.state}` }, isCall ? states[call.state] : call.kind), call.cause ? h('span', null, call.cause) : null,
        h('span', null, h('time', { datetime: iso(call.first), title: iso(call.first) }, `${day(call.first)} ${clock(call.first)} ${zone()}`)),
        call.switch ? h('span', null, `switch ${call.switch}`) : null, h('span', null, `${call.packets} packets`)),
      qualitySummary(detail) || '',
      isCall ? timeline(call) : '',
      ...legCards(),
      detail.dropped ? h('p', { class: 'notice' }, `This call is very long: ${detail.dropped} packets from its middle were not kept.`) : '');
    media.replaceChildren(quality(detail));
    flow.update(detail);
  }

  function legCards() {
    return [h('h2', { class: 'hidden' }, 'Legs'), h('ul', { class: 'legs', 'aria-label': 'Legs of this call' }, detail.call.legs.map((leg, i) => {
      const [from, to] = party(leg.from, leg.to);
      return h('li', { class: `card leg${leg.level === 'bad' ? ' is-bad' : ''}` },
        h('h3', null, h('span', { class: 'tag' }, legName(i)), h('bdi', null, from), h('span', { class: 'to' }, ' → '), h('bdi', null, to)),
        h('span', { class: 'mono' }, leg.source ? `${leg.source} → ${leg.destination}` : none),
        h('span', { class: 'figures-line' }, h('span', { class: `state ${leg.state}` }, states[leg.state]), h('span', null, [leg.cause, leg.answer === undefined ? '' : `answered after ${span(leg.answer)}`, leg.duration === undefined ? '' : duration(leg.duration)].filter(Boolean).join(', '))),
        h('span', { class: 'figures-line' }, levels[leg.level] ? badge(leg.level, levels[leg.level]) : h('span', { class: 'muted' }, 'no media report'),
          leg.mos === undefined ? null : h('span', null, `MOS ${mos(leg.mos)}`), leg.loss === undefined ? null : h('span', null, `loss ${percent(leg.loss)}`)),
        h('dl', { class: 'ids' }, h('dt', null, 'Call-ID'), h('dd', { class: 'mono' }, leg.callId), leg.uuids.length ? [h('dt', null, 'UUID'), h('dd', { class: 'mono' }, leg.uuids.join(', '))] : null));
    }))];
  }

  const copied = h('button', {
    type: 'button',
    onclick: async () => {
      try {
        await copy(await readText(id));
        copied.textContent = 'Copied';
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    },
  }, 'Copy as text');
  const exports = [['txt', 'Text'], ['json', 'JSON'], ['hep', 'HEP3']].map(([kind, text]) =>
    h('a', { class: 'button', href: `api/calls/${id}/export.${kind}`, download: '', 'aria-label': `Export ${text}` }, text));

  const element = h('div', { class: 'call' },
    h('p', { class: 'crumbs' }, h('a', { href: '#/calls' }, '← Calls')),
    h('div', { class: 'heading' }, title, h('div', { class: 'actions' }, copied, h('span', { class: 'muted' }, 'Export'), exports)),
    problem, head,
    h('section', { 'aria-labelledby': 'flow' }, h('h2', { id: 'flow' }, 'Ladder'), flow.element),
    h('section', { 'aria-labelledby': 'audio' }, h('h2', { id: 'audio' }, 'Audio'), media));

  load();
  return { element, search: flow.search, move: by => flow.move(by), changed: load, close: () => { closed = true; } };
}
