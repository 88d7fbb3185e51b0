// A long list that renders only the rows in view. All rows have the same height, so each row's position is known. While someone reads, rows stay in
// place: new calls above are counted, not inserted.

const overscan = 15;
const most = 200;

// fetch({ offset, size, anchor }) returns a page of the API; makeRow(call) creates a row's elements; body is a tbody; above(n) gets the number of new calls above.
export function longList(body, { fetch, makeRow, shown, above, columns }) {
  const rows = new Map();
  let base = 0; // calls that arrived above the rows shown
  let offset = 0; // index of the page's first row, relative to base
  let calls = [];
  let matching = 0;
  let asked = 0;
  let held = false;
  const spacer = () => {
    const row = document.createElement('tr');
    const cell = document.createElement('td');
    row.className = 'spacer';
    row.setAttribute('aria-hidden', 'true');
    cell.colSpan = columns;
    row.append(cell);
    return row;
  };
  const top = spacer();
  const bottom = spacer();
  body.append(top, bottom);

  const rowHeight = () => parseFloat(getComputedStyle(body).getPropertyValue('--row-height')) || 48;
  const firstInView = () => Math.max(0, Math.floor(-body.getBoundingClientRect().top / rowHeight()));
  const isRead = () => firstInView() > 0 || body.matches(':hover') || body.contains(document.activeElement);

  async function load() {
    const turn = ++asked;
    const size = Math.min(most, Math.ceil(innerHeight / rowHeight()) + 2 * overscan);
    const first = Math.max(0, Math.min(firstInView() - overscan, Math.max(0, matching - base - 1)));
    held = isRead() && calls.length > 0;
    let page = await fetch(held ? { offset: first - offset, size, anchor: calls[0].id } : { offset: first, size });
    if (held && page.anchor === undefined) {
      // The anchor call is gone.
      page = await fetch({ offset: Math.max(0, base + first), size });
    }
    if (turn !== asked) {
      return;
    }
    base = !held ? 0 : page.anchor === undefined ? Math.min(base, page.offset) : Math.max(0, page.anchor - offset);
    offset = Math.max(0, page.offset - base);
    matching = page.matching;
    calls = page.calls;
    place();
    above(base);
    shown(page);
  }

  // Unchanged rows keep their elements, so focus and selection stay.
  function place() {
    const wanted = new Set(calls.map(call => call.id));
    let gone = 0;
    for (const [id, row] of rows) {
      if (!wanted.has(id)) {
        // An open row closes when it scrolls out of the page; compensate, so that the view does not move.
        gone += row.elements.slice(1).reduce((sum, e) => sum + (e.getBoundingClientRect().top < 0 ? e.offsetHeight : 0), 0);
        row.elements.forEach(e => e.remove());
        rows.delete(id);
      }
    }
    let previous = top;
    calls.forEach((call, i) => {
      const mark = `${call.version}/${call.legs.length}`;
      let row = rows.get(call.id);
      if (row?.mark !== mark) {
        const open = row ? row.elements.length > 1 : false;
        const fresh = { mark, elements: makeRow(call, open, toggleOf(call)) };
        if (row) {
          const focused = row.elements[0].contains(document.activeElement) ? document.activeElement.tagName : '';
          row.elements[0].before(...fresh.elements);
          row.elements.forEach(e => e.remove());
          if (focused) {
            fresh.elements[0].querySelector(focused)?.focus({ preventScroll: true });
          }
        }
        row = fresh;
        rows.set(call.id, row);
      }
      row.elements[0].setAttribute('aria-rowindex', base + offset + i + 2);
      for (const element of row.elements) {
        if (previous.nextSibling !== element) {
          previous.after(element);
        }
        previous = element;
      }
    });
    const height = rowHeight();
    top.firstChild.style.height = `${offset * height}px`;
    bottom.firstChild.style.height = `${Math.max(0, matching - base - offset - calls.length) * height}px`;
    top.hidden = offset === 0;
    bottom.hidden = matching - base - offset - calls.length <= 0;
    if (gone) {
      scrollBy(0, -gone);
    }
  }

  const toggleOf = call => open => {
    const row = rows.get(call.id);
    const fresh = makeRow(call, open, toggleOf(call));
    row.elements[0].before(...fresh);
    row.elements.forEach(e => e.remove());
    row.elements = fresh;
    fresh[0].querySelector('button')?.focus({ preventScroll: true });
  };

  // Whether all rows in view are rendered.
  const covers = () => {
    const first = firstInView();
    const last = Math.min(matching - base, first + Math.ceil(innerHeight / rowHeight()));
    return first >= offset && last <= offset + calls.length;
  };

  return {
    load,
    covers,
    // Drops the position: for another query, or to show new calls.
    restart() {
      base = offset = matching = 0;
      calls = [];
      if (body.contains(document.activeElement)) {
        document.activeElement.blur();
      }
      if (body.getBoundingClientRect().top < 0) {
        scrollBy(0, body.getBoundingClientRect().top - 120);
      }
    },
    // Moves the focus by one row.
    move(by) {
      const links = [...body.querySelectorAll('tr:not(.spacer) td a')];
      const at = links.indexOf(document.activeElement?.closest('tr')?.querySelector('td a'));
      const next = links[at < 0 ? (by > 0 ? links.findIndex(l => l.getBoundingClientRect().top >= 80) : links.length - 1) : at + by];
      next?.focus();
      next?.closest('tr').scrollIntoView({ block: 'nearest' });
    },
  };
}
