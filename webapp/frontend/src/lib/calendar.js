// The calendar of form-js' date fields, in the reader's language: flatpickr speaks English by itself.
//
// It also makes a day of whatever is typed: 31/2/2026 became 3 March, 25/11/26 a day of this year, and what is no date
// at all went away without a word. Here a date is a day that there is, with all four digits of its year, in the
// order of the reader's language or as 2026-11-25. It is taken over as soon as it is whole (a draft saves it), and what
// is none stays in the field and is said.

import flatpickr from 'flatpickr';
import { Indonesian } from 'flatpickr/dist/l10n/id.js';

import { language, texts } from './text.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);
const PARTS = /^(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})\D?$/;

// A parser that is a default is overwritten by a field's own, that it has none; a plugin's is not.
flatpickr.setDefaults({ ariaDateFormat: 'j F Y', plugins: [() => ({ parseDate: dayOf })] });
if (language === 'id') flatpickr.localize({ ...Indonesian, monthAriaLabel: 'Bulan', yearAriaLabel: 'Tahun' });

// The day that a text names, by the order of `format` (flatpickr's letters); undefined where there is none.
export function dayOf(typed, format) {
  const parts = PARTS.exec(typed.trim())?.slice(1);
  if (!parts) return undefined;
  const order = parts[0].length === 4 ? 'ymd' : format.toLowerCase().replaceAll('j', 'd').replaceAll('n', 'm').replace(/[^ymd]/g, '');
  const [year, month, day] = ['y', 'm', 'd'].map((part) => parts[order.indexOf(part)]);
  if (year?.length !== 4) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getFullYear() === Number(year) && date.getMonth() === month - 1 && date.getDate() === Number(day) ? date : undefined;
}

// The first field on the page whose text is no date, and what to say of it.
export function refusedDate() {
  const message = document.querySelector('.date-refused');
  return message && { text: message.textContent, target: message.parentElement.querySelector('input') };
}

function pickerOf({ target }) {
  return target instanceof HTMLInputElement && target.closest('.fjs-datepicker') ? target._flatpickr : undefined;
}

// Whoever goes on typing at the end has a whole date; whoever corrects it in the middle is not interrupted.
document.addEventListener('input', (event) => {
  const picker = pickerOf(event);
  if (!picker) return;
  const refused = messageAt(event.target);
  if (refused && !event.isTrusted && !event.target.value) {
    event.target.value = refused.dataset.typed; // form-js has just emptied a field that held a date before
    return;
  }
  refused?.remove();
  const { value, selectionStart } = event.target;
  const day = selectionStart === value.length && picker.parseDate(value, picker.config.dateFormat);
  if (!day || !picker.isEnabled(day, true) || day.getTime() === picker.selectedDates[0]?.getTime()) return;
  picker.setDate(day, true);
  if (event.isTrusted) picker.close(); // it lies over the next field
});

// form-js hands the text over at Enter and when the field loses the focus; flatpickr empties a field that it cannot read.
for (const kind of ['blur', 'keydown']) document.addEventListener(kind, keepRefused, true);

function keepRefused(event) {
  const { target } = event;
  if (!pickerOf(event) || (event.key && event.key !== 'Enter')) return;
  const typed = target.value;
  if (typed.trim()) setTimeout(() => !target.value && target.isConnected && refuse(target, typed));
}

function refuse(input, typed) {
  input.value = typed;
  const message = document.createElement('div');
  message.className = 'fjs-form-field-error date-refused';
  message.setAttribute('role', 'alert');
  message.dataset.typed = typed;
  message.textContent = text('{0} is no date that can stand here. Write it as in {1}.', typed, example(input));
  messageAt(input)?.remove();
  input.closest('.fjs-form-field').append(message);
}

function example(input) {
  return flatpickr.formatDate(new Date(), input._flatpickr.config.dateFormat);
}

function messageAt(input) {
  return input.closest('.fjs-form-field')?.querySelector('.date-refused');
}
