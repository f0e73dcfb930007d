// The page of a task or of a new case: form-js in #form.
//
// page-data: { schema, data, readonly, submitUrl, draft, errors: [{ field, message }] }
// A button with the attribute `form-submit`, anywhere on the page, sends { variables } to submitUrl. Answers:
//   200 { next }                 go there
//   400 { fields: [{ field, message }] }   a summary on top, and the messages at their fields
//   anything else                a box that says what happened; what was typed stays
// With a `draft` (lib/drafts.js) what is typed is saved on the server as it is typed. Nothing is kept in the browser's storage: fields may be sealed.

import './form.css';

import { Form } from '@bpmn-io/form-js-viewer';

import { attached, unsettled } from './lib/attached.js';
import { refusedDate } from './lib/calendar.js';
import { importWithDraft, keepDraft } from './lib/drafts.js';
import { bindFiles } from './lib/file-field.js';
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
const before = await importWithDraft(form, page);
const withFiles = bindFiles(form, page.data);

let untouched = snapshot();
let sending = false;
const draft = page.draft && keepDraft(form, place, page.draft, before);
addEventListener('beforeunload', (event) => {
  if (draft ? draft.atRisk() : !page.readonly && snapshot() !== untouched) event.preventDefault();
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
  const waiting = unsettled();
  if (waiting) {
    const title = text('A file has not been attached yet');
    const said = text('Wait until it is, or remove it.');
    showProblem(place, { title, items: [{ text: said, target: waiting.querySelector('button:not([hidden])') ?? waiting }] });
    return;
  }
  const refused = refusedDate();
  if (refused) return showProblem(place, { title: text('One answer needs your attention'), items: [refused] });
  setSending(true);
  draft?.pause();
  const sent = { variables: withFiles(variables), ...attached() };
  const answer = await postJson(page.submitUrl, draft ? { ...sent, draft: draft.id() } : sent);
  if (answer.status === 200 && answer.data.next) {
    untouched = snapshot();
    location.assign(answer.data.next);
    return; // the buttons stay off while the next page loads
  }
  setSending(false);
  draft?.resume();
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
