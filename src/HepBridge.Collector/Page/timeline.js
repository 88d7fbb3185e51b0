// The setup of a call as a bar: post-dial delay, ringing, talking.
import { h } from './dom.js';
import { clock, iso, span } from './format.js';

export function timeline(call) {
  const start = call.first;
  const end = call.answer === undefined ? call.last - start : call.answer + (call.duration || 0);
  const ringing = call.ringing === undefined || (call.answer !== undefined && call.ringing > call.answer) ? undefined : call.ringing;
  const parts = [];
  const add = (kind, name, from, to) => to >= from && parts.push({ kind, name, from, to });
  const setUp = call.answer ?? end;
  if (ringing === undefined) {
    add('dial', call.answer === undefined ? 'Not answered' : 'Until answer', 0, setUp);
  } else {
    add('dial', 'Post-dial delay', 0, ringing);
    add('ring', 'Ringing', ringing, setUp);
  }
  if (call.answer !== undefined) {
    add('talk', 'Talking', call.answer, end);
  }
  const moments = [['Began', 0], ['Rang', ringing], ['Answered', call.answer], [['answered', 'calling', 'ringing'].includes(call.state) ? 'Last packet' : 'Ended', end]].filter(m => m[1] !== undefined);
  return h('div', { class: 'timeline card', role: 'group', 'aria-label': 'Setup of the call' },
    h('div', { class: 'bar-parts' }, parts.map(p => h('div', { class: `part ${p.kind}`, style: { '--share': Math.max(1, Math.sqrt((p.to - p.from) / 1e6)) } },
      h('span', { class: 'muted' }, p.name), h('strong', null, span(p.to - p.from))))),
    h('ol', { class: 'moments' }, moments.map(([name, at]) => h('li', null, name, ' ', h('time', { datetime: iso(start + at), title: iso(start + at) }, clock(start + at, 3))))));
}
