// What a person types for an input <-> the JSON value that the server evaluates with.

import { language, locale, texts } from '../lib/text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);
const GROUPING = language === 'id' ? '.' : ',';
const WORDS = { true: true, ya: true, yes: true, false: false, tidak: false, no: false };
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;
const DIGITS = 15; // more, and a browser's number is no longer the one that was typed

// A value that cannot be read; the message says what to write.
export class Unreadable extends Error {}

// The JSON value of what was typed for an input { type, options }; '' is null. Throws Unreadable.
export function readValue(raw, { type, options }) {
  const typed = raw.trim();
  if (typed === '') return null;
  if (options.length || type === 'boolean') return JSON.parse(typed);
  if (type === 'number') return number(typed);
  if (type === '' || type === 'Any') return untyped(typed);
  return /^[[{]/.test(typed) && type !== 'string' ? json(typed) : typed;
}

// A result in words.
export function inWords(value) {
  if (value === null || value === undefined) return text('empty');
  if (typeof value === 'boolean') return text(value ? 'yes' : 'no');
  if (typeof value === 'number') return new Intl.NumberFormat(locale, { maximumFractionDigits: 20, useGrouping: false }).format(value);
  if (Array.isArray(value)) return value.length ? value.map(inside).join('; ') : text('an empty list');
  if (typeof value === 'object') return Object.entries(value).map(([name, part]) => `${name}: ${inside(part)}`).join('; ');
  return value === '' ? text('an empty text') : value;
}

function inside(value) {
  const words = inWords(value);
  return value !== null && typeof value === 'object' ? `(${words})` : words;
}

function number(typed) {
  if (!NUMBER.test(typed)) throw new Unreadable(text('Write a number, such as 12 or {0}', language === 'id' ? '1,5' : '1.5'));
  const [whole, decimals] = typed.split(/[.,]/);
  if (typed.includes(GROUPING) && decimals.length === 3 && /^[+-]?[1-9]\d{0,2}$/.test(whole)) {
    const decimal = `${whole}${language === 'id' ? ',' : '.'}${decimals.replace(/0+$/, '') || '0'}`;
    throw new Unreadable(text('Write {0} or {1}', whole + decimals, decimal));
  }
  const plain = typed.replace(',', '.');
  const exact = decimals ? typed.replace(/\D/g, '').length <= DIGITS : Number.isSafeInteger(Number(plain));
  if (!exact) throw new Unreadable(text('This number has too many digits'));
  return Number(plain);
}

// Where the file tells no type, a value is what it looks like; quotes make it a text.
function untyped(typed) {
  const word = typed.toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  if (NUMBER.test(typed)) return number(typed);
  return /^["[{]/.test(typed) ? json(typed) : typed;
}

function json(typed) {
  try {
    return JSON.parse(typed);
  } catch {
    throw new Unreadable(text('A bracket or a quotation mark is missing'));
  }
}
