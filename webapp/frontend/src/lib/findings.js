// The panel of problems: what bpmnlint and the server say, worst first; a click goes to the element.

import { element } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);
const RANK = { error: 0, warn: 1, warning: 1, info: 2 };

// A finding: { severity, message, hint, element_id, element_name, line, rule }. `goTo(elementId)` is called for a click.
export function findingsPanel(place, goTo) {
  const lists = new Map();
  const count = element('span', { className: 'findings-count' });
  const list = element('ol', { className: 'findings' });
  const heading = element('h2', {}, text('Problems'), ' ', count);
  count.setAttribute('role', 'status');
  place.replaceChildren(heading, list);

  // Shows the findings of one source ('bpmnlint', 'server') in place of the ones that it had before.
  return function show(source, findings) {
    lists.set(source, findings);
    const all = [...lists.values()].flat().sort((one, other) => rank(one) - rank(other));
    count.textContent = all.length ? text('{0} to look at', all.length) : text('none');
    list.replaceChildren(...all.map((finding) => item(finding, goTo)));
  };
}

function rank({ severity }) {
  return RANK[severity] ?? 3;
}

function item(finding, goTo) {
  const isError = finding.severity === 'error';
  const where = finding.element_name || finding.element_id || finding.resource || '';
  const line = finding.line ? ` (${text('line {0}', finding.line)})` : '';
  const words = [where && `${where}${line}: `, finding.message, finding.hint && ` ${finding.hint}`].filter(Boolean).join('');
  const sign = element('strong', { className: 'finding-sign' }, isError ? text('Error') : text('Advice'));
  const content = finding.element_id
    ? element('button', { type: 'button', className: 'finding-link', onclick: () => goTo(finding.element_id) }, words)
    : element('span', {}, words);
  return element('li', { className: isError ? 'finding finding-error' : 'finding', title: finding.rule ?? '' }, sign, content);
}
