// diagram-js' service `translate`, from a dictionary English -> Indonesian; `{name}` is replaced by what the caller gives.

import { language } from './text.js';

// The module to add to a viewer, a modeler or a view of dmn-js. Upper and lower case are the same: one part of a library
// says 'User task', another 'User Task'.
export function translation(dictionary) {
  const lower = new Map(Object.entries(dictionary).map(([english, own]) => [english.toLowerCase(), own]));
  return { translate: ['value', (english, values) => translate(dictionary, lower, english, values)] };
}

function translate(dictionary, lower, english, values = {}) {
  const own = language === 'id' ? (dictionary[english] ?? lower.get(english.toLowerCase())) : undefined;
  const template = own ?? english;
  return template.replace(/\{([^}]+)\}/g, (all, name) => values[name] ?? all);
}
