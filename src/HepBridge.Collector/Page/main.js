// Routes: which page is shown.
import { watch } from './api.js';
import { callsView } from './calls.js';
import { callView } from './call.js';
import { agentView, peersView } from './status.js';
import { h } from './dom.js';
import { zone } from './format.js';

const main = document.getElementById('main');
const live = document.getElementById('live');
let view = null;
let first = true;

function route() {
  const [, name = 'calls', argument = ''] = location.hash.split('?')[0].split('/');
  if (location.hash === '#main') {
    // The browser may have focused it already, and the user moved on.
    if (!main.contains(document.activeElement)) {
      main.focus();
    }
    return;
  }
  view?.close?.();
  const make = { calls: callsView, call: callView, peers: peersView, agent: agentView }[name] || callsView;
  view = make(argument, title => { document.title = `${title} – HepBridge`; });
  main.replaceChildren(view.element);
  const current = name === 'call' ? 'calls' : name;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#/${current}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (!first) {
    scrollTo(0, 0);
    main.querySelector('h1')?.focus();
  }
  first = false;
}

document.getElementById('zone').textContent = `Times in ${zone()}`;

// Keys as in sngrep and vi: / searches, j and k move, Enter opens, Esc goes back.
addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const field = event.target.closest('input, select, textarea');
  if (event.key === 'Escape') {
    if (field) {
      field.blur();
    } else if (location.hash.startsWith('#/call/')) {
      location.hash = '#/calls';
    }
  } else if (field) {
    return;
  } else if (event.key === '/' && view?.search) {
    event.preventDefault();
    view.search.focus();
    view.search.select();
  } else if ((event.key === 'j' || event.key === 'k') && view?.move) {
    event.preventDefault();
    view.move(event.key === 'j' ? 1 : -1);
  }
});

addEventListener('hashchange', route);
route();
watch(
  () => view?.changed?.(),
  reached => {
    live.className = reached ? 'live on' : 'live off';
    live.replaceChildren(h('span', { class: 'dot', 'aria-hidden': 'true' }), reached ? 'Live' : 'Not reachable');
  });
