// Every page: htmx for parts of a page, and a few conveniences. Pages work without it.
//
//   aria-keyshortcuts="a"   on a link, button or tick box: that key alone presses it; in a row, only while that row has
//                           the focus. data-key-help says what it does, where its own name says too much
//   data-keys               on a button: shows all keys of the page, as ? does
//   data-row                on rows of a list: j and k move between them, to the first link in each
//   data-search             on a search field: / goes there
//   data-autosubmit         on a form of filters: a change sends it
//   data-keep               on a text field: what is typed is kept on the server until it is sent (lib/kept-notes.js)
//   data-mentions="id"      on a text field: @ offers the people of the page's JSON with that id

import './app.css';

import htmx from 'htmx.org';

import { listenToBell } from './lib/bell.js';
import { attachWithin } from './lib/attachments.js';
import { offerPeople } from './lib/mentions.js';
import { keepNote } from './lib/kept-notes.js';
import { countChosen } from './lib/chosen.js';
import { keepFresh } from './lib/live-list.js';
import { listen } from './lib/shortcuts.js';
import { watchSheets } from './lib/sheets.js';

htmx.config.allowEval = false; // the content security policy forbids it
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0; // a case must not be left behind in the browser's storage

document.addEventListener('htmx:configRequest', ({ detail }) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && detail.verb !== 'get') detail.headers['X-CSRFToken'] = token;
});

document.addEventListener('change', ({ target }) => target.closest('form[data-autosubmit]')?.requestSubmit());

const OPEN_MENU = 'details:is(.menu, .nav-more)[open]';

// An open menu closes with Escape, and when something else on the page is used.
document.addEventListener('keydown', ({ key }) => {
  const menu = key === 'Escape' && document.querySelector(OPEN_MENU);
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll(OPEN_MENU)) if (!menu.contains(target)) menu.open = false;
});

listen(document);
listenToBell();
attachWithin(document);
for (const field of document.querySelectorAll('textarea[data-mentions]')) offerPeople(field);
for (const field of document.querySelectorAll('textarea[data-keep]')) keepNote(field);
countChosen(document);
keepFresh(document);
watchSheets(document);
