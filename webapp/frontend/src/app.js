// Every page: htmx for parts of a page, and a few conveniences. Pages work without it.
//
//   aria-keyshortcuts="a"   on a link or button: that key alone presses it, first in the row that has the focus
//   data-row                on rows of a list: j and k move between them, to the first link in each
//   data-search             on a search field: / goes there
//   data-autosubmit         on a form of filters: a change sends it

import './app.css';

import htmx from 'htmx.org';

import { listen } from './lib/shortcuts.js';

htmx.config.allowEval = false; // the content security policy forbids it
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0; // a case must not be left behind in the browser's storage

document.addEventListener('htmx:configRequest', ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && detail.verb !== 'get') detail.headers['X-CSRFToken'] = token;
});

document.addEventListener('change', ({ target }) => target.closest('form[data-autosubmit]')?.requestSubmit());

// An open menu closes with Escape, and when something else on the page is used.
document.addEventListener('keydown', ({ key }) => {
  const menu = key === 'Escape' && document.querySelector('details.menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(target)) menu.open = false;
});

listen(document);
