// diagram-js' service `translate`, from a dictionary English -> Indonesian; `{name}` is replaced by what the caller gives.

import { language } from './text.js';

// The module to add to a viewer, a modeler or a view of dmn-js.
export function translation(dictionary) {
  return { translate: ['value', (english, values) => translate(dictionary, english, values)] };
}

function translate(dictionary, english, values = {}) {
  const template = language === 'id' ? (dictionary[english] ?? english) : english;
  return template.replace(/\{([^}]+)\}/g, (all, name) => values[name] ?? all);
}
