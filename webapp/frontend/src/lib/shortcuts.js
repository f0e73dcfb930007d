// Single keys, for people who work a list without a mouse. They rest while somebody types.

import { showKeys } from './keys-help.js';
import { chooseUpTo } from './chosen.js';

const TYPING = `input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"],
  .fjs-container *, dialog *`;

export function listen(root) {
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const row = event.target.closest('[data-row]');
    if (event.key === 'X' && row) return chooseUpTo(row);
    const target = aim(root, event.key, row);
    if (!target) return;
    event.preventDefault();
    if (target.press) target.element.click();
    else reach(target.element);
  });
  root.addEventListener('click', ({ target }) => target.closest('[data-keys]') && showKeys(root));
  for (const button of root.querySelectorAll('[data-keys]')) button.hidden = false;
}

function aim(root, key, row) {
  if (key === '/') return focusing(root.querySelector('[data-search]'));
  if (key === 'j') return focusing(neighbour(root, row, 1));
  if (key === 'k') return focusing(neighbour(root, row, -1));
  const selector = `[aria-keyshortcuts="${CSS.escape(key)}"]`;
  const own = row?.querySelector(selector);
  const shown = own && (own.matches('input') || own.getClientRects().length > 0);
  const element = shown ? own : [...root.querySelectorAll(selector)].find(ofThePage);
  return element && { element, press: true };
}

// What stands in a row is pressed in the row that has the focus, never in another.
function ofThePage(element) {
  return !element.closest('[data-row]') && (element.matches('[data-keys]') || element.getClientRects().length > 0);
}

// What is folded away cannot take the focus.
function reach(element) {
  for (let place = element.closest('details'); place; place = place.parentElement.closest('details')) place.open = true;
  element.focus();
}

function focusing(element) {
  return element && { element, press: false };
}

function neighbour(root, row, step) {
  const rows = [...root.querySelectorAll('[data-row]')].filter((each) => each.getClientRects().length > 0);
  const start = row ?? root.querySelector('[data-row]:has([aria-current="true"])');
  const next = rows[start ? rows.indexOf(start) + step : 0];
  return next?.matches('a, button') ? next : next?.querySelector('a, button');
}
