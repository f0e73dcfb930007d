// What the panel for trying knows of the model that dmn-js holds: labels of its parts, and rows of the table on the screen.

import { texts } from '../lib/text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);

// The decision that a view shows, or null: a diagram of decisions and a knowledge model are none.
export function decisionOf(view) {
  return view?.element?.$type === 'dmn:Decision' ? view.element : null;
}

// [{ name, type, options, label }]: what a decision asks for, in the order of its table's columns, then of the server.
export function labelled(inputs, decision, definitions) {
  const order = columns(decision).map(variableOf);
  const place = ({ name }) => (order.includes(name) ? order.indexOf(name) : order.length);
  return inputs
    .map((input) => ({ ...input, label: labelOf(input.name, decision, definitions) }))
    .sort((one, other) => place(one) - place(other));
}

// The label of a result: of its column, else of the decision that gives it.
export function outputLabel(name, decision) {
  const logic = decision.decisionLogic;
  const column = logic?.output?.find((output) => output.name === name) ?? (logic?.output?.length === 1 ? logic.output[0] : null);
  return column?.label || (decision.variable?.name === name && decision.name) || name;
}

// Words for the element with this id: 'Rule 3', a column's label, a decision's name; '' if nothing is to be said of it.
export function placeOf(id, decision, definitions) {
  for (const one of [decision, ...decisions(definitions)]) {
    const found = one.id === id ? '' : partOf(id, one);
    if (found === null) continue;
    return [one === decision ? '' : one.name, found].filter(Boolean).join(', ');
  }
  return '';
}

function partOf(id, decision) {
  if (!id) return null;
  const logic = decision.decisionLogic;
  if (logic?.id === id) return '';
  const holds = (part) => part?.id === id;
  const rule = (logic?.rule ?? []).findIndex((one) => holds(one) || [...one.inputEntry, ...one.outputEntry].some(holds));
  if (rule >= 0) return text('Rule {0}', rule + 1);
  const input = columns(decision).find((column) => holds(column) || holds(column.inputExpression));
  if (input) return input.label || variableOf(input);
  const output = logic?.output?.find(holds);
  return output ? output.label || output.name : null;
}

function labelOf(name, decision, definitions) {
  const all = [decision, ...decisions(definitions)].flatMap(columns);
  const column = all.find((one) => variableOf(one) === name && one.label);
  const data = definitions.drgElement?.find((one) => one.$type === 'dmn:InputData' && one.variable?.name === name);
  return column?.label || data?.name || name;
}

function columns(decision) {
  return decision.decisionLogic?.input ?? [];
}

function variableOf({ inputExpression }) {
  return inputExpression?.text?.trim() ?? '';
}

function decisions(definitions) {
  return (definitions?.drgElement ?? []).filter(({ $type }) => $type === 'dmn:Decision');
}
