// Curves of one figure over a call, one line per direction. The table below has the same data.
import { h, svg } from './dom.js';
import { clock, number } from './format.js';

const height = 170;
const margin = { left: 44, right: 12, top: 12, bottom: 24 };

// series: [{ name, style, points: [[time, value]] }]
export function chart({ title, unit, limit, series }) {
  const used = series.filter(s => s.points.length > 0);
  const values = used.flatMap(s => s.points.map(p => p[1]));
  const heading = h('h3', null, title, unit ? h('small', null, ` ${unit}`) : null);
  if (values.length === 0) {
    return h('figure', { class: 'chart card' }, heading, h('p', { class: 'muted none' }, 'Not reported for this call.'));
  }
  const times = used.flatMap(s => s.points.map(p => p[0]));
  const start = times.reduce((a, b) => Math.min(a, b));
  const end = Math.max(times.reduce((a, b) => Math.max(a, b)), start + 1e6);
  const step = niceStep(values.reduce((a, b) => Math.max(a, b), 0) || 1);
  const top = Math.max(step, Math.ceil(values.reduce((a, b) => Math.max(a, b), 0) * 1.02 / step) * step);
  const place = h('div', { class: 'plot' });
  const readout = h('p', { class: 'readout muted' }, '\u00a0');
  const text = used.map(s => `${s.name}: at most ${number(s.points.reduce((a, p) => Math.max(a, p[1]), 0), 2)}`).join('; ');

  function draw() {
    const width = Math.max(240, Math.round(place.clientWidth));
    const x = t => margin.left + ((t - start) / (end - start)) * (width - margin.left - margin.right);
    const y = v => margin.top + (1 - v / top) * (height - margin.top - margin.bottom);
    const parts = [];
    for (let v = 0; v <= top + step / 2; v += step) {
      parts.push(svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(v), y2: y(v) }),
        svg('text', { x: margin.left - 6, y: y(v) + 4, 'text-anchor': 'end' }, number(v, 2)));
    }
    const ticks = width < 420 ? 2 : 4;
    for (let i = 0; i <= ticks; i++) {
      const t = start + ((end - start) * i) / ticks;
      parts.push(svg('text', { x: x(t), y: height - 6, 'text-anchor': i === 0 ? 'start' : i === ticks ? 'end' : 'middle' }, clock(t)));
    }
    if (limit && limit.value <= top) {
      parts.push(svg('line', { class: 'limit', x1: margin.left, x2: width - margin.right, y1: y(limit.value), y2: y(limit.value) }),
        svg('text', { class: 'limit-text', x: width - margin.right, y: y(limit.value) - 4, 'text-anchor': 'end' }, limit.text));
    }
    for (const one of used) {
      const points = one.points.map(p => `${x(p[0]).toFixed(1)},${y(p[1]).toFixed(1)}`);
      parts.push(svg('polyline', { class: `series s${one.style}`, points: points.join(' ') }));
      if (points.length <= 60) {
        parts.push(...one.points.map(p => svg('circle', { class: `point s${one.style}`, cx: x(p[0]).toFixed(1), cy: y(p[1]).toFixed(1), r: 2.8 })));
      }
    }
    const cursor = svg('line', { class: 'cursor', y1: margin.top, y2: height - margin.bottom, visibility: 'hidden' });
    place.replaceChildren(svg('svg', {
      width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title}${unit ? ` in ${unit}` : ''}. ${text}`,
      onpointermove: event => {
        const t = start + ((event.offsetX - margin.left) / (width - margin.left - margin.right)) * (end - start);
        const near = used.map(s => [s, s.points.reduce((a, p) => (Math.abs(p[0] - t) < Math.abs(a[0] - t) ? p : a))]);
        const at = near.reduce((a, n) => (Math.abs(n[1][0] - t) < Math.abs(a - t) ? n[1][0] : a), near[0][1][0]);
        cursor.setAttribute('x1', x(at));
        cursor.setAttribute('x2', x(at));
        cursor.setAttribute('visibility', 'visible');
        readout.textContent = `${clock(at)} · ${near.map(([s, p]) => `${s.short}: ${number(p[1], 2)}`).join(' · ')}`;
      },
      onpointerleave: () => {
        cursor.setAttribute('visibility', 'hidden');
        readout.textContent = '\u00a0';
      },
    }, parts, cursor));
  }

  new ResizeObserver(draw).observe(place);
  return h('figure', { class: 'chart card' }, heading, place, readout);
}

export function legend(series) {
  return h('ul', { class: 'legend' }, series.map(s => h('li', null,
    svg('svg', { width: 28, height: 10, 'aria-hidden': 'true' }, svg('line', { class: `series s${s.style}`, x1: 1, x2: 27, y1: 5, y2: 5 })), s.name)));
}

function niceStep(max) {
  const rough = max / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map(n => n * power).find(n => n >= rough);
}
