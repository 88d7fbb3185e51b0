// Creates elements. Text always becomes text nodes: data from the network is never parsed as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      for (const [property, setting] of Object.entries(value)) {
        element.style.setProperty(property, setting);
      }
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat()) {
    if (child !== undefined && child !== null && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}

export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
export const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

// A word with a color and a shape: color alone never carries the meaning.
export function badge(level, text) {
  const marks = { good: '✓', fair: '!', bad: '✕' };
  return h('span', { class: `badge ${level}` }, marks[level] ? h('span', { 'aria-hidden': 'true' }, marks[level]) : null, text);
}

// A table with a caption; cells are texts or nodes, numbers are right-aligned.
export function table(caption, columns, rows) {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' },
    h('table', { class: 'plain' },
      h('caption', { class: 'hidden' }, caption),
      h('thead', null, h('tr', null, columns.map(c => h('th', { scope: 'col', class: c.right ? 'right' : null }, c.name)))),
      h('tbody', null, rows.map(row => h('tr', null, row.map((cell, i) => h('td', { class: columns[i].right ? 'right' : null, 'data-name': columns[i].name }, h('span', null, cell))))))));
}

// A toggle button.
export function toggle(text, on, changed) {
  const button = h('button', {
    type: 'button', class: 'toggle', 'aria-pressed': String(on),
    onclick: () => {
      const now = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(now));
      changed(now, button);
    },
  }, text);
  return button;
}

// A group of buttons, one of which is on.
export function choice(label, options, chosen, changed) {
  const group = h('div', { class: 'choice', role: 'group', 'aria-label': label });
  const set = value => {
    for (const button of group.children) {
      button.setAttribute('aria-pressed', String(button.value === String(value)));
    }
  };
  group.append(...options.map(([value, text]) => h('button', { type: 'button', value, 'aria-pressed': 'false', onclick: () => { set(value); changed(value); } }, text)));
  set(chosen);
  group.set = set;
  return group;
}
