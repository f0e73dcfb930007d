// Why the server did not take what was sent, in words that say what to do. Nothing that was typed is lost.

import { element } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);

// One sentence for an answer that is neither a success nor a list of faulty fields.
export function explain({ status, data }) {
  if (status === 0) {
    return text('No connection. What you typed is still here; send it again when the connection is back.');
  }
  if (status === 401) {
    return text('Your session has ended. Sign in in another tab, then send again; what you typed is still here.');
  }
  if (status === 409) {
    const said = data.message ?? text('Somebody else has completed or changed this in the meantime.');
    return `${said} ${text('Nothing was stored. Reload the page to see how it stands.')}`;
  }
  return data.message ?? text('The server could not do it (error {0}). Nothing was stored.', status);
}

// Shows a box over `place`, for eyes, screen readers and keyboards alike; it replaces the one before.
// `items`: [{ text, target }]; target is an element to jump to, or a function that goes there.
export function showProblem(place, { title, items = [], kind = 'error' }) {
  clearProblem(place);
  const heading = element('h2', {}, title);
  const box = element('section', { className: `summary summary-${kind}`, tabIndex: -1 }, heading);
  box.setAttribute('role', 'alert');
  if (items.length) box.append(element('ul', {}, ...items.map(asItem)));
  place.before(box);
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: 'start', behavior: 'auto' });
  return box;
}

export function clearProblem(place) {
  if (place.previousElementSibling?.matches('.summary')) place.previousElementSibling.remove();
}

function asItem({ text: words, target }) {
  if (!target) return element('li', {}, words);
  const link = element('a', { href: target.id ? `#${target.id}` : '#' }, words);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    if (typeof target === 'function') return target();
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: 'center' });
  });
  return element('li', {}, link);
}
