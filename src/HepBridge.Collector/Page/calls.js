// The list of calls, and the figures above it.
import { importFile, listCalls, readStatus, throttled } from './api.js';
import { badge, choice, h, toggle } from './dom.js';
import { figures } from './figures.js';
import { clock, day, duration, iso, legName, levels, mos, none, party, percent, span, states } from './format.js';
import { longList } from './list.js';

const sorts = [['time', 'Time', 'newest first'], ['duration', 'Duration', 'longest first'], ['mos', 'MOS', 'worst first'], ['loss', 'Loss', 'worst first']];
const shows = [['', 'All'], ['failed', 'Failed'], ['bad', 'Bad audio'], ['answered', 'Answered'], ['live', 'In progress'], ['long', 'Over 10 min']];
const columns = 9;

// The query survives a visit to a call.
const state = { q: '', kind: 'calls', show: '', switch: '', since: null, until: null, sort: 'time', dir: '' };
let left = 0;

export function callsView(_, setTitle) {
  setTitle('Calls');
  let paused = false;
  let timer = 0;
  let asked = false;
  const body = h('tbody');
  const summary = h('p', { class: 'summary' });
  // Announced only after the user's own action: a screen reader would never stop talking on a busy list.
  const spoken = h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
  const empty = h('div', { class: 'empty', hidden: true });
  const range = h('button', { type: 'button', class: 'toggle range', 'aria-pressed': 'true', hidden: true, onclick: () => { state.since = state.until = null; again(); } });
  const newer = h('button', { type: 'button', class: 'newer', hidden: true, onclick: () => { list.restart(); load(); } });
  const table = h('table', { class: 'list' },
    h('caption', { class: 'hidden' }, 'Calls, one row each; a row opens to its legs'), h('thead'), body);

  const list = longList(body, {
    columns,
    fetch: part => listCalls(Object.fromEntries(Object.entries({ ...state, ...part }).filter(([, value]) => value !== null && value !== ''))),
    makeRow: callRow,
    shown: show,
    above: count => {
      newer.hidden = count === 0 || paused;
      newer.textContent = `↑ ${count.toLocaleString('en')} new call${count === 1 ? '' : 's'}`;
    },
  });

  const run = async () => {
    try {
      await list.load();
    } catch (error) {
      summary.textContent = error.message;
    }
  };
  const load = throttled(run, 700);
  const scrolled = throttled(async () => list.covers() || run(), 60);

  const again = () => {
    asked = true;
    headers.forEach(update => update());
    sortSelect.value = state.sort;
    showChoice.set(state.show);
    range.hidden = !state.since;
    range.textContent = state.since ? `${state.until ? `${clock(state.since)} – ${clock(state.until)}` : `since ${clock(state.since)}`} ✕` : '';
    range.setAttribute('aria-label', `Remove the filter by time: ${range.textContent}`);
    list.restart();
    load();
  };

  const search = h('input', {
    type: 'search', id: 'search', value: state.q, placeholder: 'Number, Call-ID, UUID or IP', autocomplete: 'off', spellcheck: 'false',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => { state.q = search.value; again(); }, 200);
    },
  });
  const select = (id, options, value, changed) => {
    const element = h('select', { id, onchange: () => changed(element.value) }, options.map(([option, text]) => h('option', { value: option, selected: value === option }, text)));
    return element;
  };
  const kind = select('kind', [['calls', 'Calls'], ['registrations', 'Registrations'], ['all', 'Everything']], state.kind, value => { state.kind = value; again(); });
  const switchSelect = select('switch', [['', 'Any switch']], '', value => { state.switch = value; again(); });
  const switchField = h('div', { class: 'field', hidden: true }, h('label', { for: 'switch', class: 'hidden' }, 'Switch'), switchSelect);
  const sortSelect = select('sort', sorts.map(([value, name, order]) => [value, `${name}, ${order}`]), state.sort, value => { state.sort = value; state.dir = ''; again(); });
  const showChoice = choice('Which calls', shows, state.show, value => { state.show = value; again(); });
  const pause = toggle('Pause', false, on => {
    paused = on;
    asked = true;
    pause.textContent = on ? 'Resume' : 'Pause';
    load();
  });
  const picker = importPicker(summary, spoken, load);

  const above = figures(change => {
    for (const [name, value] of Object.entries(change)) {
      if (value !== undefined && name !== 'q') {
        state[name] = value;
      } else if (name === 'q' && value) {
        state.q = search.value = value;
      }
    }
    state.kind = kind.value = 'calls';
    again();
    summary.scrollIntoView({ block: 'nearest' });
  }, names => {
    const all = ['', ...names];
    switchField.hidden = names.length < 2;
    if (switchSelect.options.length !== all.length) {
      switchSelect.replaceChildren(...all.map(name => h('option', { value: name, selected: name === state.switch }, name || 'Any switch')));
    }
  });

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
    const cell = h('th', { scope: 'col', class: `h-${value}${right ? ' right' : ''}` }, button);
    headers.push(() => {
      const mine = state.sort === value;
      const ascending = (value === 'mos') !== (state.dir === 'asc');
      cell.setAttribute('aria-sort', mine ? (ascending ? 'ascending' : 'descending') : 'none');
      button.lastChild.textContent = mine ? (ascending ? ' ↑' : ' ↓') : '';
    });
    return cell;
  };
  const plain = (name, place, right) => h('th', { scope: 'col', class: `h-${place}${right ? ' right' : ''}` }, name);
  table.querySelector('thead').append(h('tr', null,
    sortable(sorts[0]), plain('From → to', 'who'), plain('Between', 'hosts'), plain('State', 'state'), plain('Setup', 'setup', true),
    sortable(sorts[1], true), sortable(sorts[2], true), sortable(sorts[3], true), plain('Legs', 'legs', true)));

  function show(page) {
    table.setAttribute('aria-rowcount', page.matching + 1);
    const what = state.kind === 'registrations' ? 'registration' : state.kind === 'all' ? 'dialog' : 'call';
    const count = page.matching.toLocaleString('en');
    const filters = [state.show ? shows.find(([value]) => value === state.show)[1].toLowerCase() : '', state.switch ? `on ${state.switch}` : '', state.q ? `with “${state.q}”` : ''].filter(Boolean);
    summary.textContent = `${count} ${what}${page.matching === 1 ? '' : 's'}${filters.length ? `, ${filters.join(', ')}` : ''}${paused ? ' · paused' : ''}`;
    if (asked) {
      spoken.textContent = summary.textContent;
      asked = false;
    }
    empty.hidden = page.matching > 0;
    if (!empty.hidden) {
      emptyState(empty, page.kept);
    }
    if (left) {
      scrollTo(0, left);
      left = 0;
    }
  }

  const element = h('div', { class: 'calls' },
    h('h1', { tabindex: '-1' }, 'Calls'),
    above.element,
    h('div', { class: 'toolbar', role: 'search' },
      h('div', { class: 'field grow' }, h('label', { for: 'search', class: 'hidden' }, 'Search by number, Call-ID, UUID or IP address'), search),
      h('div', { class: 'field' }, h('label', { for: 'kind', class: 'hidden' }, 'What to list'), kind),
      switchField,
      h('div', { class: 'field narrow-only' }, h('label', { for: 'sort', class: 'hidden' }, 'Sort by'), sortSelect),
      pause, picker),
    h('div', { class: 'toolbar' }, showChoice, range),
    h('div', { class: 'above-list' }, summary, newer),
    spoken,
    h('div', { class: 'card list' }, table, empty));
  // Inserts the calls held back while the pointer was on the list.
  body.addEventListener('mouseleave', () => newer.hidden || load());
  again();
  addEventListener('scroll', scrolled, { passive: true });
  return {
    element,
    search,
    move: by => list.move(by),
    changed: () => {
      if (!paused) {
        load();
        above.changed();
      }
    },
    close: () => {
      paused = true;
      left = scrollY;
      above.close();
      removeEventListener('scroll', scrolled);
    },
  };
}

async function emptyState(empty, kept) {
  const text = parts => empty.replaceChildren(...parts);
  if (kept > 0 || state.q || state.show || state.since || state.switch) {
    text([h('h2', null, 'Nothing matches'), h('p', null, state.show === 'bad' ? 'None of the calls kept has bad audio.' : 'Try a part of a number, Call-ID, UUID or IP address, or remove a filter.')]);
    return;
  }
  const status = await readStatus().catch(() => null);
  const down = status?.agent?.inputs.filter(i => !i.ok) || [];
  const checks = !status?.agent
    ? ['Send HEP3 packets to this collector: set HEP_SERVER and HEP_PORT of the agent to its address.', 'For SIP messages, point mod_sofia’s capture-server here too, and set sip-capture to yes on each profile.']
    : down.length > 0
      ? down.map(i => `${i.name} is ${i.state}${i.detail ? `: ${i.detail}` : '.'}`)
      : status.agent.inputs.some(i => i.received > 0)
        ? ['Events arrive, but none of a call yet. Make a test call.', 'If calls are in progress but not shown: is report_call_events true?']
        : ['The inputs are connected, but no event has arrived. Make a test call.', 'Run “hepbridge check” on this host: it tests the configuration and the switch.'];
  text([h('h2', null, 'No calls yet'), h('p', null, 'They appear here as soon as packets arrive. What to check:'), h('ul', null, checks.map(c => h('li', null, c)))]);
}

function callRow(call, open, toggled) {
  const [from, to] = party(call.from, call.to);
  const hosts = call.source ? `${call.source} → ${call.destination}` : none;
  const registered = call.kind === 'registration';
  const word = registered ? (call.state === 'answered' ? 'registered' : call.state === 'failed' ? 'refused' : 'registering') : call.kind === 'other' ? 'dialog' : states[call.state];
  const cause = call.cause && call.cause !== 'NORMAL_CLEARING' ? call.cause : '';
  const legs = `legs-${call.id}`;
  const setup = call.answer !== undefined ? `answered after ${span(call.answer)}` : call.ringing !== undefined ? `rang after ${span(call.ringing)}` : '';
  const count = `${call.legs.length}${call.legs.length === 1 ? ' leg' : ' legs'}`;
  const row = h('tr', { class: `call-row${call.level === 'bad' ? ' is-bad' : ''}${open ? ' is-open' : ''}` },
    h('td', { class: 'c-time' }, h('time', { datetime: iso(call.first), title: iso(call.first) }, clock(call.first)), h('small', { class: 'day' }, day(call.first))),
    h('td', { class: 'c-who' }, h('a', { href: `#/call/${call.id}` }, h('bdi', null, from), registered ? null : [h('span', { class: 'to', 'aria-label': ' to ' }, ' → '), h('bdi', null, to)]), h('span', { class: 'sub' }, hosts)),
    h('td', { class: 'c-hosts', title: hosts }, hosts),
    h('td', { class: 'c-state', title: cause || null }, h('span', { class: `state ${call.state}` }, word), cause ? h('span', { class: 'cause' }, cause) : null),
    h('td', { class: 'c-setup right', title: setup || null }, call.ringing === undefined && call.answer === undefined ? none : [span(call.ringing), ' / ', span(call.answer)]),
    h('td', { class: 'c-duration right' }, h('span', { class: 'what' }, 'Duration '), duration(call.duration)),
    h('td', { class: 'c-mos right' }, h('span', { class: 'what' }, 'MOS '), mos(call.mos), ' ', levels[call.level] ? badge(call.level, levels[call.level]) : null),
    h('td', { class: 'c-loss right' }, h('span', { class: 'what' }, 'Loss '), percent(call.loss)),
    h('td', { class: 'c-legs right' }, h('button', {
      type: 'button', class: 'opens', 'aria-expanded': String(open), 'aria-controls': legs, 'aria-label': `${count} of the call from ${from} to ${to}`, onclick: () => toggled(!open),
    }, call.legs.length, h('span', { class: 'what' }, call.legs.length === 1 ? ' leg' : ' legs'), h('span', { class: 'mark', 'aria-hidden': 'true' }, open ? '▴' : '▾'))));
  return open ? [row, h('tr', { class: 'legs-row', id: legs }, h('td', { colspan: columns }, h('ul', null, call.legs.map(legLine))))] : [row];
}

function legLine(leg, i) {
  const [from, to] = party(leg.from, leg.to);
  return h('li', { class: leg.level === 'bad' ? 'is-bad' : null },
    h('span', { class: 'tag' }, legName(i)),
    h('span', { class: 'leg-who' }, h('bdi', null, from), ' → ', h('bdi', null, to)),
    h('span', { class: 'mono' }, leg.source ? `${leg.source} → ${leg.destination}` : leg.callId),
    h('span', { class: `state ${leg.state}` }, states[leg.state]),
    h('span', { class: 'muted leg-cause' }, leg.cause),
    h('span', { class: 'leg-figures' }, leg.duration === undefined ? '' : duration(leg.duration), leg.mos === undefined ? '' : ` MOS ${mos(leg.mos)}`, leg.loss === undefined ? '' : ` loss ${percent(leg.loss)}`, ' ',
      levels[leg.level] ? badge(leg.level, levels[leg.level]) : null));
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
