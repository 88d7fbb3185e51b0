// The list of calls.
import { importFile, listCalls, readStatus, throttled } from './api.js';
import { badge, h } from './dom.js';
import { clock, day, duration, levels, mos, none, party, percent, states } from './format.js';

const sorts = [['time', 'Time', 'newest first'], ['duration', 'Duration', 'longest first'], ['mos', 'MOS', 'worst first'], ['loss', 'Loss', 'worst first']];
const pageSize = 50;

// What was searched for stays when one comes back from a call.
const state = { q: '', kind: 'calls', bad: false, sort: 'time', dir: '', page: 0 };

export function callsView(_, setTitle) {
  setTitle('Calls');
  let paused = false;
  let timer = 0;
  const rows = new Map();
  const body = h('tbody');
  const summary = h('p', { class: 'summary' });
  // Said aloud only after one's own doing: a busy list would never stop talking.
  const spoken = h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
  let asked = false;
  const empty = h('div', { class: 'empty', hidden: true });
  const pager = h('div', { class: 'pager' });

  const load = throttled(async () => {
    try {
      show(await listCalls({ ...state, bad: state.bad ? '1' : '', size: pageSize }));
    } catch (error) {
      summary.textContent = error.message;
    }
  }, 700);

  const again = () => {
    asked = true;
    state.page = 0;
    headers.forEach(update => update());
    sortSelect.value = state.sort;
    load();
  };

  const search = h('input', {
    type: 'search', id: 'search', value: state.q, placeholder: 'Number, Call-ID, UUID or IP', autocomplete: 'off', spellcheck: 'false',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => { state.q = search.value; again(); }, 200);
    },
  });
  const kind = h('select', { id: 'kind', onchange: () => { state.kind = kind.value; again(); } },
    [['calls', 'Calls'], ['registrations', 'Registrations'], ['all', 'Everything']].map(([value, text]) => h('option', { value, selected: state.kind === value }, text)));
  const bad = toggle('Bad only', state.bad, on => { state.bad = on; again(); });
  const pause = toggle('Pause', false, on => {
    paused = on;
    asked = true;
    pause.textContent = on ? 'Resume' : 'Pause';
    load();
  });
  const sortSelect = h('select', { id: 'sort', onchange: () => { state.sort = sortSelect.value; state.dir = ''; again(); } },
    sorts.map(([value, name, order]) => h('option', { value, selected: state.sort === value }, `${name}, ${order}`)));
  const picker = importPicker(summary, spoken, load);

  const headers = [];
  const sortable = ([value, name], right) => {
    const button = h('button', {
      type: 'button',
      onclick: () => {
        state.dir = state.sort === value && !state.dir ? 'asc' : '';
        state.sort = value;
        again();
      },
    }, name, h('span', { class: 'sort-mark', 'aria-hidden': 'true' }));
    const cell = h('th', { scope: 'col', class: right ? 'right' : null }, button);
    headers.push(() => {
      const mine = state.sort === value;
      const ascending = (value === 'mos') !== (state.dir === 'asc');
      cell.setAttribute('aria-sort', mine ? (ascending ? 'ascending' : 'descending') : 'none');
      button.lastChild.textContent = mine ? (ascending ? ' ↑' : ' ↓') : '';
    });
    return cell;
  };

  function show(page) {
    const last = Math.max(0, Math.ceil(page.matching / page.size) - 1);
    state.page = page.page;
    place(page.calls);
    const shown = state.kind === 'registrations' ? 'registration' : state.kind === 'all' ? 'dialog' : 'leg';
    summary.textContent = `${page.matching.toLocaleString('en')} ${shown}${page.matching === 1 ? '' : 's'}${state.bad ? ', bad only' : ''}${state.q ? ` with “${state.q}”` : ''}${paused ? ' · paused' : ''}`;
    if (asked) {
      spoken.textContent = summary.textContent;
      asked = false;
    }
    empty.hidden = page.calls.length > 0;
    empty.replaceChildren(...(state.q || state.bad || state.kind !== 'calls'
      ? [h('h2', null, 'Nothing matches'), h('p', null, state.bad ? 'No bad call among those kept: good.' : 'Try a part of a number, Call-ID, UUID or IP address.')]
      : [h('h2', null, 'No calls yet'), h('p', null, 'They appear here as soon as packets arrive. Nothing needs to be reloaded.')]));
    pager.replaceChildren(...(last === 0 ? [] : [
      h('button', { type: 'button', disabled: page.page === 0, onclick: () => { state.page--; load(); } }, 'Previous'),
      h('span', null, `Page ${page.page + 1} of ${last + 1}`),
      h('button', { type: 'button', disabled: page.page >= last, onclick: () => { state.page++; load(); } }, 'Next'),
    ]));
  }

  // Rows that did not change stay the same elements, so that neither focus nor selection jumps.
  function place(calls) {
    const wanted = new Set();
    let previous = null;
    for (const call of calls) {
      const mark = `${call.version}/${call.legs}`;
      let row = rows.get(call.id);
      if (row?.mark !== mark) {
        const fresh = { mark, element: callRow(call) };
        if (row) {
          const focused = row.element.contains(document.activeElement);
          row.element.replaceWith(fresh.element);
          if (focused) {
            fresh.element.querySelector('a').focus({ preventScroll: true });
          }
        }
        row = fresh;
        rows.set(call.id, row);
      }
      wanted.add(call.id);
      const place = previous ? previous.nextSibling : body.firstChild;
      if (place !== row.element) {
        body.insertBefore(row.element, place);
      }
      previous = row.element;
    }
    for (const [id, row] of rows) {
      if (!wanted.has(id)) {
        row.element.remove();
        rows.delete(id);
      }
    }
  }

  const element = h('div', { class: 'calls' },
    h('h1', { tabindex: '-1' }, 'Calls'),
    h('div', { class: 'toolbar', role: 'search' },
      h('div', { class: 'field grow' }, h('label', { for: 'search', class: 'hidden' }, 'Search by number, Call-ID, UUID or IP address'), search),
      h('div', { class: 'field' }, h('label', { for: 'kind', class: 'hidden' }, 'What to list'), kind),
      h('div', { class: 'field narrow-only' }, h('label', { for: 'sort', class: 'hidden' }, 'Sort by'), sortSelect),
      bad, pause, picker),
    summary,
    spoken,
    h('div', { class: 'card list' },
      h('table', { class: 'list' },
        h('caption', { class: 'hidden' }, 'Calls, one row a leg'),
        h('thead', null, h('tr', null,
          sortable(sorts[0]), h('th', { scope: 'col' }, 'From → to'), h('th', { scope: 'col' }, 'Between'), h('th', { scope: 'col' }, 'State'),
          sortable(sorts[1], true), sortable(sorts[2], true), sortable(sorts[3], true), h('th', { scope: 'col', class: 'right' }, 'Legs'))),
        body),
      empty),
    pager);
  headers.forEach(update => update());
  load();
  return { element, changed: () => paused || load(), close: () => { paused = true; } };
}

function callRow(call) {
  const [from, to] = party(call.from, call.to);
  const hosts = call.source ? `${call.source} → ${call.destination}` : none;
  const registered = call.kind === 'registration';
  const state = registered ? (call.state === 'answered' ? 'registered' : call.state === 'failed' ? 'refused' : 'registering') : call.kind === 'other' ? 'dialog' : states[call.state];
  return h('tr', { class: call.level === 'bad' ? 'is-bad' : null },
    h('td', { class: 'c-time' }, h('time', { title: day(call.first) }, clock(call.first))),
    h('td', { class: 'c-who' }, h('a', { href: `#/call/${call.id}` }, h('bdi', null, from), registered ? null : [h('span', { class: 'to', 'aria-label': ' to ' }, ' → '), h('bdi', null, to)]), h('span', { class: 'sub' }, hosts)),
    h('td', { class: 'c-hosts' }, hosts),
    h('td', { class: 'c-state' }, h('span', { class: `state ${call.state}` }, state), call.cause && call.cause !== 'NORMAL_CLEARING' ? h('span', { class: 'cause' }, call.cause) : null),
    h('td', { class: 'c-duration right' }, h('span', { class: 'what' }, 'Duration '), duration(call.duration)),
    h('td', { class: 'c-mos right' }, h('span', { class: 'what' }, 'MOS '), mos(call.mos), ' ', levels[call.level] ? badge(call.level, levels[call.level]) : null),
    h('td', { class: 'c-loss right' }, h('span', { class: 'what' }, 'Loss '), percent(call.loss)),
    h('td', { class: 'c-legs right' }, call.legs, h('span', { class: 'what' }, call.legs === 1 ? ' leg' : ' legs')));
}

function toggle(text, on, changed) {
  const button = h('button', {
    type: 'button', class: 'toggle', 'aria-pressed': String(on),
    onclick: () => {
      const now = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(now));
      changed(now);
    },
  }, text);
  return button;
}

function importPicker(summary, spoken, load) {
  const input = h('input', {
    type: 'file', id: 'import', hidden: true, accept: '.hep,application/octet-stream',
    onchange: async () => {
      if (!input.files[0]) {
        return;
      }
      const result = await importFile(input.files[0]);
      input.value = '';
      await load();
      summary.textContent = spoken.textContent = result.error || `${result.kept} packets read from the file.`;
    },
  });
  const place = h('span', { hidden: true }, h('button', { type: 'button', onclick: () => input.click() }, 'Import'), input);
  readStatus().then(s => { place.hidden = !s.import; }, () => { place.hidden = true; });
  return place;
}
