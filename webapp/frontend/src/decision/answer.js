// What a decision said, in words: its results, the rules behind them, and why there is none.

import { element } from '../lib/page.js';
import { texts } from '../lib/text.js';
import dictionary from '../texts/desks.js';
import { outputLabel, placeOf } from './model.js';
import { inWords } from './values.js';

const text = texts(dictionary);

// `data`: the server's answer; `about`: { decision, definitions, unfilled, goTo }: labels of the inputs without a value, and
// what is called with the number of a rule that is clicked. Returns the elements that tell it.
export function answered(data, about) {
  return data.error ? [problem(data, about)] : [...results(data, about), reasons(data, about)];
}

function problem({ error, decision: id, element: part, rules }, { decision, definitions, goTo }) {
  const isHere = rules.length > 0 && id === decision.id;
  const place = isHere ? '' : placeOf(part, decision, definitions);
  const sign = element('strong', {}, text('No result'));
  const words = element('p', { className: 'trial-problem' }, sign, ' ', place && `${place}: `, error);
  return element('div', {}, words, isHere ? pointing(text('See'), rules, goTo) : null);
}

function results({ kind, rows, rules }, about) {
  if (kind === 'decisionTable' && !rules.length) return unmatched(rows, about);
  if (rows.length === 1) return [outputs(rows[0], about), firedBy(rules, about)];
  const items = rows.map((row, index) => element('li', {}, outputs(row, about), firedBy(rules.slice(index, index + 1), about)));
  return [element('ol', { className: 'trial-rows' }, ...items)];
}

function unmatched(rows, about) {
  const none = element('p', { className: 'trial-none' }, text('No rule matches'));
  if (rows.length) return [none, element('p', {}, text('Without a rule:')), outputs(rows[0], about)];
  const { unfilled } = about;
  return [none, unfilled.length ? element('p', { className: 'trial-prompt' }, text('Not filled in: {0}', unfilled.join(', '))) : null];
}

function outputs(row, { decision }) {
  const parts = Object.entries(row).map(([name, value]) => {
    const shown = element('dd', { className: value === null ? 'is-empty' : '' }, inWords(value));
    return element('div', {}, element('dt', {}, outputLabel(name, decision)), shown);
  });
  return element('dl', { className: 'trial-outputs' }, ...parts);
}

function firedBy(rules, { goTo }) {
  return rules.length ? pointing(text('By'), rules, goTo) : null;
}

function pointing(word, rules, goTo) {
  const links = rules.flatMap(({ number }, index) => {
    const link = element('button', { type: 'button', className: 'trial-rule', onclick: () => goTo(number) }, text('Rule {0}', number));
    return [index ? ', ' : ' ', link];
  });
  return element('p', {}, word, ...links);
}

function reasons({ warnings }, { decision, definitions }) {
  if (!warnings.length) return null;
  const items = warnings.map(({ element: id, message }) => {
    const place = placeOf(id, decision, definitions);
    return element('li', {}, place ? `${place}: ${message}` : message);
  });
  const summary = element('summary', {}, text('Why is something empty?'), ` (${warnings.length})`);
  return element('details', { className: 'trial-reasons' }, summary, element('ul', {}, ...items));
}
