// Single keys, for people who work a list without a mouse. They rest while somebody types.

const TYPING = 'input, textarea, select, [contenteditable="true"], .fjs-container *';

export function listen(root) {
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const target = aim(root, event.key, event.target.closest('[data-row]'));
    if (!target) return;
    event.preventDefault();
    if (target.press) target.element.click();
    else reach(target.element);
  });
}

function aim(root, key, row) {
  if (key === '/') return focusing(root.querySelector('[data-search]'));
  if (key === 'j') return focusing(neighbour(root, row, 1));
  if (key === 'k') return focusing(neighbour(root, row, -1));
  const selector = `[aria-keyshortcuts="${CSS.escape(key)}"]`;
  const element = row?.querySelector(selector) ?? root.querySelector(selector);
  return element && { element, press: true };
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
  const rows = [...root.querySelectorAll('[data-row]')];
  const next = rows[row ? rows.indexOf(row) + step : 0];
  return next?.matches('a, button') ? next : next?.querySelector('a, button');
}
