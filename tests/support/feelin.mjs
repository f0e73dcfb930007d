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

// For benchmarks: milliseconds that all the texts of a list take, one after the other, so many times.
// feelin parses anew whenever it evaluates; `parsing` does that part alone.
const WORK = {
  evaluate,
  unaryTest,
  parsing: parseExpression,
  parsingTests: parseUnaryTests,
};

globalThis.feelinMillis = (kind, texts, scopes, rounds) => {
  const [work, all, contexts] = [WORK[kind], JSON.parse(texts), JSON.parse(scopes)];
  const begin = Date.now();
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < all.length; index += 1) work(all[index], contexts[index % contexts.length]);
  }
  return Date.now() - begin;
};
