// What runs inside QuickJS (tests/support/feelin.py): feelin, and its values as plain JSON.

import { evaluate, parseExpression, parseUnaryTests, unaryTest } from '@bpmn-io/feelin';

// QuickJS has no Intl. Luxon asks for the language and the zone; named zones do not work.
globalThis.Intl ??= {
  DateTimeFormat: class {
    resolvedOptions() {
      return { locale: 'en-US', calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' };
    }
  },
};

const MIDNIGHT = { hour: 0, minute: 0, second: 0, millisecond: 0 };

// Numbers as text (NaN and infinities too), times as milliseconds since midnight.
function shown(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return { number: String(value) };
  if (Array.isArray(value)) return value.map(shown);
  if (value.isLuxonDateTime) return shownMoment(value);
  if (value.isLuxonDuration) return shownDuration(value);
  if (typeof value === 'function' || value.parameterNames) return { function: true };
  if ('start included' in value) {
    return { range: [shown(value.start), shown(value.end), value['start included'], value['end included']] };
  }
  return { context: Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shown(entry)])) };
}

// feelin tells its kinds apart like this: a time is on 1900-01-01, a date is midnight of UTC.
function shownMoment(value) {
  const zone = value.zone.type === 'system' ? null : value.offset * 60;
  const time = value.diff(value.set(MIDNIGHT)).toMillis();
  if (value.year === 1900 && value.month === 1 && value.day === 1) return { time, zone };
  const date = value.toISODate();
  return time === 0 && zone === 0 ? { date } : { date, time, zone };
}

function shownDuration(value) {
  const { years = 0, months = 0 } = value.toObject();
  return { months: years * 12 + months, millis: value.set({ years: 0, months: 0 }).toMillis() };
}

function answer(attempt) {
  try {
    return JSON.stringify({ value: shown(attempt().value) });
  } catch (error) {
    return JSON.stringify({ error: `${error.name}: ${error.message}` });
  }
}

globalThis.feelinValue = (text, scope) => answer(() => evaluate(text, JSON.parse(scope)));

globalThis.feelinTest = (text, scope) => answer(() => unaryTest(text, JSON.parse(scope)));

// For benchmarks: what is prepared is done by feelinWork. feelin parses anew whenever it evaluates, and lets
// nobody keep what it has parsed; `parsing` does only that part.
let prepared = () => {};

globalThis.feelinWork = (rounds) => {
  for (let round = 0; round < rounds; round += 1) prepared();
};

globalThis.feelinPrepare = (text, scope, parsing) => {
  const [context, work] = [JSON.parse(scope), parsing ? parseExpression : evaluate];
  prepared = () => work(text, context);
};

// Finding the rules of a table, `{inputs: [name], rules: [[cell]]}`, in every scope; answers with their numbers.
// A rule is given up at its first cell that does not hold.
globalThis.feelinTable = (table, scopes, parsing) => {
  const { inputs, rules } = JSON.parse(table);
  const cases = JSON.parse(scopes).map((scope) => inputs.map((name) => ({ ...scope, '?': scope[name] })));
  const tested = [];
  const noted = (cell, context) => (tested.push([cell, context]), holds(cell, context));
  const found = cases.map((contexts) => matching(rules, contexts, noted));
  prepared = parsing
    ? () => tested.forEach(([cell, context]) => parseUnaryTests(cell, context))
    : () => cases.forEach((contexts) => matching(rules, contexts, holds));
  return JSON.stringify(found);
};

const holds = (cell, context) => unaryTest(cell, context).value === true;

function matching(rules, contexts, test) {
  const found = [];
  rules.forEach((cells, number) => {
    if (cells.every((cell, column) => test(cell, contexts[column]))) found.push(number);
  });
  return found;
}
