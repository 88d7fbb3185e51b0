// Figures above the list: how many calls, how they ended, which peers have trouble. A click filters the list.
import { readFigures, throttled } from './api.js';
import { choice, h, svg } from './dom.js';
import { clock, duration, mos, none, number } from './format.js';

const windows = [[5, '5 min'], [15, '15 min'], [60, '60 min'], [0, 'All kept']];
const height = 132;
const margin = { left: 34, right: 34, top: 10, bottom: 20 };

// Survives a visit to a call.
let minutes = 60;
let chosen = false;

// filter({ show, since, until, q }) narrows the list; switches(names) receives the known switches.
export function figures(filter, switches) {
  let shown = null;
  const tiles = h('div', { class: 'tiles figures-tiles' });
  const plot = h('div', { class: 'plot' });
  const peers = h('div', { class: 'peers card' });
  const note = h('span', { class: 'muted' });
  const problem = h('p', { class: 'notice', role: 'alert', hidden: true });

  const load = throttled(async () => {
    try {
      let next = await readFigures(minutes);
      if (!chosen && !next.isLive) {
        // A recording may contain only one minute of calls.
        minutes = 0;
        windowChoice.set(minutes);
        next = await readFigures(minutes);
      }
      chosen = chosen || next.calls > 0;
      problem.hidden = true;
      shown = next;
      draw();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  }, 2000);

  const within = show => filter({ show, since: minutes ? shown.from : null, until: null, q: null });

  const tile = (name, value, detail, click, level) => h('button', { type: 'button', class: `tile card${level ? ` is-${level}` : ''}`, onclick: click },
    h('span', { class: 'muted' }, name), h('strong', null, value), h('small', { class: 'muted' }, detail));

  function draw() {
    const f = shown;
    switches(f.switches);
    note.textContent = f.isLive || f.calls === 0 ? '' : `up to the newest call, ${clock(f.to)}`;
    const focused = [...tiles.children].indexOf(document.activeElement);
    tiles.replaceChildren(
      tile('Calls', number(f.calls, 0), minutes ? `${number(f.calls / minutes)} a minute` : `from ${clock(f.from)}`, () => within('')),
      tile('Answered', f.answerRatio === undefined ? none : `${number(f.answerRatio, 0)} %`, `ASR, ${number(f.answered, 0)} calls`, () => within('answered')),
      tile('Failed', number(f.failed, 0), `${number(f.cancelled, 0)} cancelled`, () => within('failed'), f.failed ? 'bad' : ''),
      tile('Mean duration', duration(f.meanDuration), 'ACD, answered calls', () => within('answered')),
      tile('In progress', number(f.now, 0), 'now', () => filter({ show: 'live', since: null, until: null, q: null })),
      tile('Bad legs', f.judgedLegs ? `${number((100 * f.badLegs) / f.judgedLegs, 0)} %` : none, `${number(f.badLegs, 0)} of ${number(f.judgedLegs, 0)}`, () => within('bad'), f.badLegs ? 'bad' : ''));
    tiles.children[focused]?.focus({ preventScroll: true });
    drawChart();
    const at = [...peers.querySelectorAll('button')].indexOf(document.activeElement);
    peers.replaceChildren(h('h3', null, 'Worst peers'), f.peers.length === 0 ? h('p', { class: 'muted' }, 'None known yet: this requires SIP or media reports.') : h('ul', null, f.peers.map(p => h('li', null,
      h('button', { type: 'button', class: 'peer', onclick: () => filter({ show: '', since: null, until: null, q: p.address }) },
        h('span', { class: 'mono' }, p.address),
        h('span', { class: p.bad || p.failed ? 'bad-text' : 'muted' }, `${p.bad} bad, ${p.failed} failed / ${p.legs}`),
        h('span', { class: 'muted' }, p.mos === undefined ? '' : `MOS ${mos(p.mos)}`))))));
    peers.querySelectorAll('button')[at]?.focus({ preventScroll: true });
  }

  function drawChart() {
    const f = shown;
    const width = Math.max(240, Math.round(plot.clientWidth));
    const most = Math.max(1, ...f.buckets.map(b => b.calls));
    const step = (width - margin.left - margin.right) / Math.max(1, f.buckets.length);
    const bottom = height - margin.bottom;
    const y = calls => bottom - (calls / most) * (bottom - margin.top);
    const quality = value => bottom - ((value - 1) / 4) * (bottom - margin.top);
    const length = f.buckets.length > 1 ? f.buckets[1].start - f.buckets[0].start : 1e6;
    const parts = [
      svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: bottom, y2: bottom }),
      svg('text', { x: margin.left - 5, y: margin.top + 6, 'text-anchor': 'end' }, number(most, 0)),
      svg('text', { x: margin.left - 5, y: bottom, 'text-anchor': 'end' }, '0'),
      ...[1, 3, 5].map(v => svg('text', { class: 'mos-text', x: width - margin.right + 5, y: quality(v) + (v === 1 ? 0 : 5) }, v)),
    ];
    f.buckets.forEach((b, i) => {
      const x = margin.left + i * step;
      parts.push(svg('rect', { class: 'bar', x: x + 1, width: Math.max(1, step - 2), y: y(b.calls), height: bottom - y(b.calls) }),
        svg('rect', { class: 'bar failed', x: x + 1, width: Math.max(1, step - 2), y: y(b.failed), height: bottom - y(b.failed) }));
    });
    const judged = f.buckets.map((b, i) => [margin.left + (i + 0.5) * step, b.mos]).filter(p => p[1] !== undefined);
    parts.push(svg('polyline', { class: 'series s2', points: judged.map(p => `${p[0].toFixed(1)},${quality(p[1]).toFixed(1)}`).join(' ') }),
      ...judged.map(p => svg('circle', { class: 'point s2', cx: p[0].toFixed(1), cy: quality(p[1]).toFixed(1), r: 2.6 })));
    [0, 0.5, 1].forEach(part => parts.push(svg('text', {
      x: margin.left + part * (width - margin.left - margin.right), y: height - 5, 'text-anchor': part === 0 ? 'start' : part === 1 ? 'end' : 'middle',
    }, clock(f.from + part * (f.to - f.from)))));
    f.buckets.forEach((b, i) => parts.push(svg('rect', {
      class: `hit${b.calls ? ' some' : ''}`, x: margin.left + i * step, width: step, y: margin.top, height: bottom - margin.top,
      onclick: () => b.calls && filter({ since: b.start, until: b.start + length, q: null }),
    }, svg('title', null, `${clock(b.start)}: ${b.calls} calls, ${b.failed} failed${b.mos === undefined ? '' : `, MOS ${mos(b.mos)}`}`))));
    plot.replaceChildren(svg('svg', {
      width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
      'aria-label': `Calls and MOS over time. ${f.calls} calls, at most ${most} per column; ${f.failed} failed.`,
    }, parts));
  }

  const windowChoice = choice('Period of the figures', windows, minutes, value => { minutes = Number(value); chosen = true; load(); });
  const watched = new ResizeObserver(() => shown && drawChart());
  watched.observe(plot);
  const element = h('section', { class: 'figures', 'aria-labelledby': 'figures' },
    h('div', { class: 'heading' }, h('h2', { id: 'figures' }, 'Last'), windowChoice, note),
    problem, tiles,
    // On a phone the list comes first.
    h('details', { class: 'more-figures', open: matchMedia('(min-width: 701px)').matches },
      h('summary', null, 'Chart and worst peers'),
      h('div', { class: 'figures-charts' },
        h('figure', { class: 'chart card' },
          h('h3', null, 'Calls', h('small', null, ' and failed calls, '), h('span', { class: 'mos-key' }, 'mean MOS')), plot),
        peers)));
  load();
  return { element, changed: load, close: () => watched.disconnect() };
}
