// Quality of each direction of a call: figures, curves, and the table with their data.
import { chart, legend } from './charts.js';
import { badge, h, table } from './dom.js';
import { clock, endpoint, hostName, legName, levels, mos, none, number, percent } from './format.js';

const styles = 6;
const order = { bad: 3, fair: 2, good: 1, unknown: 0 };
const worstFirst = streams => [...streams].sort((a, b) => order[b.level] - order[a.level] || (b.meanLoss || 0) - (a.meanLoss || 0));

export function quality(detail) {
  const streams = worstFirst(detail.streams);
  if (streams.length === 0) {
    return h('p', { class: 'muted' }, 'No RTCP and no quality report has arrived for this call. RTCP requires rtcp-audio-interval-msec in the SIP profile; the quality report arrives when the call ends.');
  }
  const several = detail.call.legs.length > 1;
  const nameOf = leg => legName(detail.call.legs.findIndex(l => l.id === leg));
  const name = s => `${several ? `Leg ${nameOf(s.leg)}: ` : ''}${hostName(s.from)} → ${hostName(s.to)}`;
  const series = pick => streams.map((s, i) => ({
    name: `${name(s)}`, short: `${hostName(s.from)} → ${hostName(s.to)}`, style: (i % styles) + 1,
    points: s.points.filter(p => pick(p) !== undefined).map(p => [p.time, pick(p)]),
  }));
  const curved = streams.map((s, i) => ({ name: name(s), style: (i % styles) + 1, any: s.points.length > 0 })).filter(s => s.any);
  return h('div', null,
    table('Directions of media', [
      { name: 'Heard by' }, { name: 'From' }, { name: 'Audio' }, { name: 'MOS', right: true }, { name: 'Loss', right: true }, { name: 'Worst loss', right: true },
      { name: 'Jitter', right: true }, { name: 'Worst jitter', right: true }, { name: 'Round trip', right: true }, { name: 'Packets', right: true }, { name: 'Codec' },
    ], streams.map(s => [
      [several ? h('span', { class: 'tag' }, nameOf(s.leg)) : null, h('span', { class: 'mono' }, endpoint(s.to, s.toPort))], h('span', { class: 'mono' }, endpoint(s.from, s.fromPort)),
      levels[s.level] ? badge(s.level, levels[s.level]) : none, mos(s.mos), percent(s.meanLoss), percent(s.maxLoss),
      milliseconds(s.meanJitter), milliseconds(s.maxJitter), milliseconds(s.meanRoundTrip), number(s.final?.packets, 0), s.codec || none,
    ])),
    curved.length === 0 ? null : [
      legend(curved),
      h('div', { class: 'charts' },
        chart({ title: 'Loss', unit: '%', limit: { value: 3, text: '3 %: bad' }, series: series(p => p.loss) }),
        chart({ title: 'Jitter', unit: 'ms', series: series(p => p.jitter) }),
        chart({ title: 'Round trip', unit: 'ms', series: series(p => p.roundTrip) })),
      reports(streams, name)]);
}

const milliseconds = value => (value === undefined ? none : `${number(value)} ms`);

function reports(streams, name) {
  const details = h('details', { class: 'behind' }, h('summary', null, 'Reports as a table'));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) {
      const rows = streams.flatMap(s => s.points.map(p => [p.time, [
        clock(p.time, 3), name(s), percent(p.loss), number(p.jitter, 2), p.roundTrip === undefined ? none : number(p.roundTrip, 2), number(p.lost, 0)]]));
      rows.sort((a, b) => a[0] - b[0]);
      details.append(table('RTCP reports', [
        { name: 'Time' }, { name: 'Direction' }, { name: 'Loss', right: true }, { name: 'Jitter, ms', right: true },
        { name: 'Round trip, ms', right: true }, { name: 'Packets lost', right: true }], rows.map(r => r[1])));
    }
  });
  return details;
}

// Summarizes a call's audio in one sentence.
export function qualitySummary(detail) {
  const worst = worstFirst(detail.streams)[0];
  if (!worst || worst.level === 'unknown') {
    return null;
  }
  if (worst.level === 'good') {
    return h('p', { class: 'quality-summary' }, badge('good', 'good'), ' All reported directions were fine.');
  }
  const figures = [worst.mos === undefined ? '' : `MOS ${mos(worst.mos)}`, worst.meanLoss === undefined ? '' : `${percent(worst.meanLoss)} lost`].filter(Boolean).join(', ');
  return h('p', { class: `quality-summary is-${worst.level}` }, badge(worst.level, levels[worst.level]), ' What ', h('strong', null, hostName(worst.to)), ' heard from ', h('strong', null, hostName(worst.from)), `: ${figures}.`);
}
