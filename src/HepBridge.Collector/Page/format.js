// Times are microseconds since 1970, shown in the browser's zone; "–" means not reported.

const pad = (n, w = 2) => String(n).padStart(w, '0');

export const none = '–';

export function clock(us, fraction = 0) {
  const d = new Date(us / 1000);
  const base = `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
  return fraction ? `${base}.${pad(Math.floor(us / 1000) % 1000, 3)}` : base;
}

export function day(us) {
  const d = new Date(us / 1000);
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
}

export function when(us) {
  return day(us) === day(Date.now() * 1000) ? clock(us) : `${day(us)} ${clock(us)}`;
}

// "UTC+01:00 (Europe/Berlin)": the zone of all times on the page.
export function zone() {
  const minutes = -new Date().getTimezoneOffset();
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offset = `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  return minutes === 0 ? 'UTC' : name ? `${offset} (${name})` : offset;
}

// ISO 8601 in UTC, to the millisecond: the tooltip of a time.
export function iso(us) {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

// A short duration: 0.04 s, 12.5 s, then minutes.
export function span(us) {
  if (us === undefined || us === null) {
    return none;
  }
  const s = us / 1e6;
  return s < 1 ? `${s.toFixed(2)} s` : s < 60 ? `${s.toFixed(1)} s` : duration(us);
}

export function duration(us) {
  if (us === undefined || us === null) {
    return none;
  }
  const s = Math.round(us / 1e6);
  return s >= 3600 ? `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}` : `${Math.floor(s / 60)}:${pad(s % 60)}`;
}

export function number(value, digits = 1) {
  return value === undefined || value === null ? none : value.toLocaleString('en', { maximumFractionDigits: digits });
}

export const percent = value => (value === undefined || value === null ? none : `${number(value, value < 10 ? 1 : 0)} %`);

export const mos = value => (value === undefined || value === null ? none : value.toFixed(2));

export function bytes(value) {
  if (value === undefined || value === null) {
    return none;
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (value >= 1024 && i < units.length - 1) {
    value /= 1024;
    i++;
  }
  return `${number(value, i ? 1 : 0)} ${units[i]}`;
}

export const states = {
  unknown: 'reports only', calling: 'calling', ringing: 'ringing', answered: 'in call', ended: 'ended', cancelled: 'cancelled', failed: 'failed',
};

export const levels = { good: 'good', fair: 'fair', bad: 'bad' };

// The API returns missing addresses as empty.
export const hostName = address => address || 'unknown';

export const endpoint = (address, port) => (address ? `${address}:${port}` : 'unknown');

export const party = (from, to) => [from || 'unknown', to || 'unknown'];

// A, B, C, … for the legs of a call, the caller's first.
export const legName = index => (index < 26 ? String.fromCharCode(65 + index) : String(index + 1));
