// The fields of the panel for trying: one for each input, kept by name while the table changes around them.

import { element } from '../lib/page.js';
import { texts } from '../lib/text.js';
import dictionary from '../texts/desks.js';
import { inWords, readValue, Unreadable } from './values.js';

const text = texts(dictionary);
const HINTS = {
  time: '16:00:00',
  'date and time': '2026-03-30T16:00:00',
  'days and time duration': 'P2DT12H',
  'years and months duration': 'P1Y6M',
  list: '["a", "b"]',
  context: '{"nama": "Ani"}',
};

// inputFields(place, onChange) -> { show(inputs), read(), unfilled(), clear() }. `onChange()` is called for every change.
export function inputFields(place, onChange) {
  const typed = new Map(); // by the input's name; inputs of one name in several decisions share it
  let shown = [];
  let drawn = '';

  // Shows these inputs, [{ name, label, type, options }]; true if they differ from those before.
  function show(inputs) {
    const signature = JSON.stringify(inputs);
    if (signature === drawn) return false;
    const focused = shown.find(({ control }) => control === document.activeElement)?.input.name;
    drawn = signature;
    shown = inputs.map((input, index) => row(input, index, typed, onChange));
    place.replaceChildren(...shown.map(({ row: made }) => made));
    shown.find(({ input }) => input.name === focused)?.control.focus();
    return true;
  }

  // The JSON values by name, and whether all could be read; what could not says so at its field.
  function read() {
    const values = {};
    let isRight = true;
    for (const { input, control, complain } of shown) {
      const message = control.validity.badInput ? text('The date is not complete') : attempt(values, input, control.value);
      complain(message);
      if (message) isRight = false;
    }
    return { values, isRight };
  }

  // Labels of the inputs that have no value.
  function unfilled() {
    return shown.filter(({ control }) => !control.value).map(({ input }) => input.label);
  }

  function clear() {
    typed.clear();
    for (const { control } of shown) control.value = '';
    onChange();
  }

  return { show, read, clear, unfilled };
}

function attempt(values, input, raw) {
  try {
    values[input.name] = readValue(raw, input);
    return '';
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

function row(input, index, typed, onChange) {
  const id = `trial-input-${index}`;
  const wrong = element('p', { className: 'trial-wrong', id: `${id}-wrong`, hidden: true });
  const control = controlFor(input);
  Object.assign(control, { id, value: typed.get(input.name) ?? '' });
  control.addEventListener('input', () => {
    typed.set(input.name, control.value);
    onChange();
  });
  const label = element('label', { htmlFor: id, title: input.name }, input.label);
  return { input, control, complain, row: element('div', { className: 'trial-input' }, label, control, wrong) };

  function complain(message) {
    wrong.textContent = message;
    wrong.hidden = !message;
    control.removeAttribute('aria-invalid');
    control.removeAttribute('aria-describedby');
    if (!message) return;
    control.setAttribute('aria-invalid', 'true');
    control.setAttribute('aria-describedby', wrong.id);
  }
}

function controlFor({ type, options }) {
  const choices = options.length ? options : type === 'boolean' ? [true, false] : [];
  if (choices.length) {
    const shown = choices.map((value) => element('option', { value: JSON.stringify(value) }, inWords(value)));
    return element('select', {}, element('option', { value: '' }, text('empty')), ...shown);
  }
  if (type === 'date') return element('input', { type: 'date' });
  const made = element('input', { type: 'text', autocomplete: 'off', spellcheck: false, placeholder: HINTS[type] ?? '' });
  if (type === 'number') made.inputMode = 'decimal';
  return made;
}
