// Naming a colleague in a text field: @ and some letters offer people, by arrow keys and Enter, by mouse or finger.
// The field stays a plain text field (ARIA: a textbox with a list that aria-activedescendant points into); what is
// chosen stands in it as @user-id, which people may as well type.

import { element } from './page.js';

const MOST = 6;
const BEFORE_CARET = /(?:^|[\s(])@([\p{L}\p{N}_.+@ -]{0,40})$/u;

export function offerPeople(field) {
  const people = JSON.parse(document.getElementById(field.dataset.mentions).textContent);
  const list = element('ul', { id: `${field.id}-people`, className: 'mention-list', hidden: true });
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', field.dataset.label);
  const told = element('span', { className: 'visually-hidden' });
  told.setAttribute('role', 'status');
  field.after(list, told);
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  const offer = { people, field, list, told, at: -1 };
  field.addEventListener('input', () => show(offer));
  field.addEventListener('click', () => show(offer));
  field.addEventListener('keydown', (event) => steer(offer, event));
  field.addEventListener('blur', () => close(offer));
  // Before the field loses the focus, or the list would be gone before the click arrives.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', ({ target }) => choose(offer, target.closest('[role="option"]')));
}

function wanted({ field }) {
  const found = BEFORE_CARET.exec(field.value.slice(0, field.selectionStart));
  return found && { letters: found[1], from: field.selectionStart - found[1].length - 1 };
}

function matching(people, letters) {
  const sought = letters.toLowerCase();
  const starts = ([id, name]) => `${id} ${name}`.toLowerCase().split(/[\s@.]+/).some((word) => word.startsWith(sought));
  const holds = ([id, name]) => id.toLowerCase().startsWith(sought) || name.toLowerCase().startsWith(sought);
  return people.filter((person) => starts(person) || holds(person)).slice(0, MOST);
}

function show(offer) {
  const asked = wanted(offer);
  const found = asked ? matching(offer.people, asked.letters) : [];
  if (!found.length) return close(offer);
  offer.list.replaceChildren(...found.map(([id, name], number) => option(offer, id, name, number)));
  offer.list.hidden = false;
  offer.told.textContent = offer.field.dataset.found.replace('{0}', found.length);
  mark(offer, 0);
}

function option({ list }, id, name, number) {
  const made = element('li', { id: `${list.id}-${number}` }, name || id, ' ', element('small', {}, id));
  made.setAttribute('role', 'option');
  made.dataset.user = id;
  return made;
}

function mark(offer, at) {
  const options = [...offer.list.children];
  offer.at = (at + options.length) % options.length;
  for (const [number, each] of options.entries()) each.setAttribute('aria-selected', String(number === offer.at));
  offer.field.setAttribute('aria-activedescendant', options[offer.at].id);
}

function close(offer) {
  offer.list.hidden = true;
  offer.told.textContent = '';
  offer.field.removeAttribute('aria-activedescendant');
}

function steer(offer, event) {
  if (offer.list.hidden || event.isComposing) return;
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (move) mark(offer, offer.at + move);
  else if (event.key === 'Enter' || event.key === 'Tab') choose(offer, offer.list.children[offer.at]);
  else if (event.key === 'Escape') close(offer);
  else return;
  event.preventDefault();
}

function choose(offer, chosen) {
  const asked = wanted(offer);
  if (!chosen || !asked) return;
  const { field } = offer;
  field.setRangeText(`@${chosen.dataset.user} `, asked.from, field.selectionStart, 'end');
  field.focus();
  close(offer);
}
