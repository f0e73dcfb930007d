// The page of a task or of a new case: form-js in #form.
//
// page-data: { schema, data, readonly, submitUrl, errors: [{ field, message }] }
// A button with the attribute `form-submit`, anywhere on the page, sends { variables } to submitUrl. Answers:
//   200 { next }                 go there
//   400 { fields: [{ field, message }] }   a summary on top, and the messages at their fields
//   anything else                a box that says what happened; what was typed stays
// Nothing is kept in the browser's storage: fields may be sealed.

import './form.css';

import { Form } from '@bpmn-io/form-js-viewer';

import './lib/calendar.js';
import { fieldsOf, labelOf, messagesAt, placeMessages } from './lib/form-fields.js';
import { nameGroups } from './lib/form-groups.js';
import { pageData, postJson } from './lib/page.js';
import { clearProblem, explain, showProblem } from './lib/problems.js';
import { texts } from './lib/text.js';
import dictionary from './texts/pages.js';

const text = texts(dictionary);
const page = pageData();
const place = document.getElementById('form');
const buttons = [...document.querySelectorAll('[form-submit]')];

// debounce: false, since a debounced field loses its last letters to a quick click on the button.
const form = new Form({ container: place, debounce: false, properties: { readOnly: Boolean(page.readonly) } });
nameGroups(place);
await form.importSchema(page.schema, page.data ?? {});

let untouched = snapshot();
let sending = false;
addEventListener('beforeunload', (event) => {
  if (!page.readonly && snapshot() !== untouched) event.preventDefault();
});
form.on('submit', ({ data, errors }) => (Object.keys(errors).length ? showErrors() : send(data)));
for (const button of buttons) button.addEventListener('click', () => !sending && afterPainting(() => form.submit()));
if (page.errors?.length) showErrors(placeMessages(form, page.errors));
document.dispatchEvent(new CustomEvent('form-ready'));

// form-js takes over a date only after painting the frame in which its field lost the focus; a quick click comes sooner.
function afterPainting(then) {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then)));
}

function snapshot() {
  return JSON.stringify(form._getState().data);
}

async function send(variables) {
  if (sending) return;
  setSending(true);
  const answer = await postJson(page.submitUrl, { variables });
  if (answer.status === 200 && answer.data.next) {
    untouched = snapshot();
    location.assign(answer.data.next);
    return; // the buttons stay off while the next page loads
  }
  setSending(false);
  if (answer.status === 400 && answer.data.fields?.length) {
    showErrors(placeMessages(form, answer.data.fields));
  } else {
    showProblem(place, { title: text('This could not be sent'), items: [{ text: explain(answer) }] });
  }
}

// Every message that stands at a field, and `homeless` ones of fields that the page does not show.
function showErrors(homeless = []) {
  requestAnimationFrame(() => {
    const items = fieldsOf(form).flatMap((field) =>
      messagesAt(form, field.path).map((message) => ({ text: `${labelOf(field)}: ${message}`, target: field.node })),
    );
    items.push(...homeless.map(({ field, message }) => ({ text: field ? `${field}: ${message}` : message })));
    const many = text('{0} answers need your attention', items.length);
    showProblem(place, { title: items.length === 1 ? text('One answer needs your attention') : many, items });
  });
}

function setSending(now) {
  sending = now;
  if (now) clearProblem(place);
  for (const button of buttons) {
    button.disabled = now;
    button.setAttribute('aria-busy', String(now));
  }
}
