// The API, and the live feed that signals when to query it again.

async function get(path, headers) {
  const response = await fetch(path, { headers, credentials: 'same-origin' });
  if (response.status === 304) {
    return null;
  }
  if (response.status === 401) {
    location.reload();
  }
  const type = response.headers.get('content-type') || '';
  const body = type.includes('json') ? await response.json() : { error: await response.text() };
  if (!response.ok) {
    throw new Error(body.error || `The viewer answered ${response.status}.`);
  }
  body.etag = response.headers.get('etag');
  return body;
}

export const listCalls = query => get(`api/calls?${new URLSearchParams(query)}`);
export const readFigures = minutes => get(`api/figures?minutes=${minutes}`);
export const readCall = (id, tag) => get(`api/calls/${id}`, tag ? { 'If-None-Match': tag } : {});
export const findInCall = (id, text) => get(`api/calls/${id}/find?${new URLSearchParams({ q: text })}`);
export const readPacket = (leg, number) => get(`api/calls/${leg}/packets/${number}`);

export async function readText(id) {
  const response = await fetch(`api/calls/${id}/export.txt`, { credentials: 'same-origin' });
  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
  return response.text();
}

// The clipboard API only works on localhost and over TLS; elsewhere use the old command.
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
export const readStatus = () => get('api/status');

export async function importFile(file) {
  const response = await fetch('api/import', { method: 'POST', body: file, headers: { 'X-HepBridge': '1' }, credentials: 'same-origin' });
  return response.json();
}

// Calls back on each change, with whether the viewer is reachable.
export function watch(changed, connected) {
  const source = new EventSource('api/live');
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  source.onmessage = () => changed();
}

// At most one run at a time and one per second; the last request is never lost.
export function throttled(run, gap = 1000) {
  let busy = false;
  let wanted = false;
  const go = async () => {
    if (busy) {
      wanted = true;
      return;
    }
    busy = true;
    wanted = false;
    const started = Date.now();
    try {
      await run();
    } finally {
      setTimeout(() => {
        busy = false;
        if (wanted) {
          go();
        }
      }, Math.max(0, gap - (Date.now() - started)));
    }
  };
  return go;
}
