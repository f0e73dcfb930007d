// The keys of this page, read from the page itself: what is listed is there, and does what is said.

import pages from '../texts/pages.js';
import { element } from './page.js';
import { texts } from './text.js';

const text = texts(pages);

export function showKeys(root) {
  document.querySelector('dialog.keys-help')?.remove();
  for (const menu of root.querySelectorAll('details.menu[open]')) menu.open = false;
  const close = element('button', { type: 'button', className: 'secondary', autofocus: true }, text('Close'));
  const title = element('h2', { id: 'keys-title' }, text('Keys of this page'));
  const dialog = element('dialog', { className: 'keys-help' }, title, table(keysOf(root)), close);
  dialog.setAttribute('aria-labelledby', 'keys-title');
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// Pairs (keys, what they do), in the order in which they stand on the page.
export function keysOf(root) {
  const found = new Map();
  if (root.querySelector('[data-row]')) {
    found.set('j', text('The next one in the list'));
    found.set('k', text('The one before in the list'));
    found.set('Enter', text('Open it'));
  }
  for (const each of root.querySelectorAll('[aria-keyshortcuts]')) {
    const key = each.getAttribute('aria-keyshortcuts');
    if (found.has(key) || key === '?' || each.getClientRects().length === 0) continue;
    found.set(key, nameOf(each));
    if (key === 'x') found.set('Shift+x', text('Choose all from the last chosen one to this one'));
  }
  found.set('?', text('Show these keys'));
  found.set('Esc', text('Close what is open'));
  return [...found];
}

function nameOf(each) {
  const label = each.labels?.[0]?.textContent;
  const name = each.dataset.keyHelp || each.ariaLabel || label || each.textContent;
  return name.replace(/\s+/g, ' ').trim();
}

function table(keys) {
  const rows = keys.map(([key, does]) =>
    element('tr', {}, element('td', {}, element('kbd', {}, key)), element('td', {}, does)),
  );
  const head = element('thead', {}, element('tr', {}, heading(text('Key')), heading(text('What it does'))));
  return element('table', {}, head, element('tbody', {}, ...rows));
}

function heading(words) {
  return element('th', { scope: 'col' }, words);
}
