// The table of contents: which page is shown, and what lives on it.
import { watch } from './api.js';
import { callsView } from './calls.js';
import { callView } from './call.js';
import { agentView, peersView } from './status.js';
import { h } from './dom.js';

const main = document.getElementById('main');
const live = document.getElementById('live');
let view = null;
let first = true;

function route() {
  const [, name = 'calls', argument = ''] = location.hash.split('?')[0].split('/');
  if (location.hash === '#main') {
    main.focus();
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

addEventListener('hashchange', route);
route();
watch(
  () => view?.changed?.(),
  reached => {
    live.className = reached ? 'live on' : 'live off';
    live.replaceChildren(h('span', { class: 'dot', 'aria-hidden': 'true' }), reached ? 'Live' : 'Not reachable');
  });
