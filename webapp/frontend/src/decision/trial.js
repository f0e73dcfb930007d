// The panel under a decision in which an analyst types inputs and sees at once what the decision says.

import { element, postJson } from '../lib/page.js';
import { explain } from '../lib/problems.js';
import { texts } from '../lib/text.js';
import dictionary from '../texts/desks.js';
import { answered } from './answer.js';
import { inputFields } from './fields.js';
import { markedRows } from './marked-rows.js';
import { decisionOf, labelled } from './model.js';

const ASK_AFTER = 300; // milliseconds of rest

const text = texts(dictionary);

// trialPanel({ url, canvas, modeler, content }) -> { changed(), opened(view) }. `url` gets { xml, decision, inputs }; `canvas`:
// the element under which the panel stands; `content()`: a promise of the file's XML.
export function trialPanel({ url, canvas, modeler, content }) {
  const panel = drawn();
  const marks = markedRows(canvas);
  const fields = inputFields(panel.inputs, changed);
  let decision = null;
  let inputs = [];
  let latest = 0;
  let waiting;
  panel.clear.addEventListener('click', fields.clear);
  canvas.after(panel.section);
  canvas.parentElement.classList.add('editor-trying');

  // To be called after every change of the file.
  function changed() {
    latest += 1;
    clearTimeout(waiting);
    if (decision) waiting = setTimeout(ask, ASK_AFTER);
  }

  // To be called when another view is opened, or this one is called by another name.
  function opened(view) {
    const former = decision;
    decision = decisionOf(view);
    panel.section.hidden = !decision;
    panel.title.textContent = view?.type === 'decisionTable' ? text('Try this table') : text('Try this decision');
    if (decision === former) return;
    latest += 1; // what was asked about the former one is of no use any more
    clearTimeout(waiting);
    inputs = [];
    fields.show([]);
    marks.mark([]);
    panel.say();
    if (decision) ask();
  }

  async function ask() {
    const { values, isRight } = fields.read();
    if (!isRight) return refuse(text('Correct what is marked; then the result is shown again.'));
    const mine = (latest += 1);
    const asked = decision;
    panel.answer.setAttribute('aria-busy', 'true');
    const { status, data } = await postJson(url, { xml: await content(), decision: asked.id, inputs: values });
    if (mine !== latest) return undefined;
    if (status !== 200) return refuse(explain({ status, data }));
    // A cell that is half typed hides what the decision asks for.
    if (!data.error || data.inputs.length >= inputs.length) inputs = data.inputs;
    const isNew = fields.show(labelled(inputs, asked, modeler.getDefinitions()));
    panel.clear.hidden = !inputs.length;
    const unfilled = fields.unfilled();
    if (isNew && unfilled.length < inputs.length) return ask(); // with values that were typed before the fields were known
    return tell(data, unfilled);
  }

  function tell(data, unfilled) {
    if (!data.error && inputs.length && unfilled.length === inputs.length) {
      marks.mark([]);
      return panel.say();
    }
    const isHere = !data.error || data.decision === decision.id;
    const ids = isHere ? data.rules.map(({ number }) => rowId(modeler, number)).filter(Boolean) : [];
    marks.mark(ids, data.error ? 'rule-conflicting' : 'rule-fired');
    const goTo = (number) => marks.goTo(rowId(modeler, number));
    return panel.say(...answered(data, { decision, definitions: modeler.getDefinitions(), unfilled, goTo }));
  }

  function refuse(message) {
    marks.mark([]);
    panel.say(element('p', { className: 'trial-problem' }, message));
  }

  return { changed, opened };
}

// The id of a row by its number from 1, '' where no table is shown.
function rowId(modeler, number) {
  return modeler.getActiveViewer()?.get('sheet', false)?.getRoot().rows[number - 1]?.id ?? '';
}

function drawn() {
  const title = element('h2', { id: 'trial-title' });
  const inputs = element('div', { className: 'trial-inputs' });
  const clear = element('button', { type: 'button', className: 'quiet trial-clear', hidden: true }, text('Empty all'));
  const answer = element('div', { className: 'trial-answer' });
  answer.setAttribute('role', 'status');
  answer.setAttribute('aria-live', 'polite');
  const asked = element('div', {}, inputs, clear);
  const section = element('section', { id: 'trial', className: 'trial', hidden: true }, title, asked, answer);
  section.setAttribute('aria-labelledby', title.id);
  return { section, title, inputs, clear, answer, say: saying(answer) };
}

// say(...parts): puts these elements, or what to do if there are none, into `place`. Only what has changed is said again: a
// reader's focus and a screen reader's patience stay.
function saying(place) {
  const prompt = text('Fill in an input: the result is shown here at once. Nothing is stored.');
  let said = '';
  return (...parts) => {
    const shown = parts.length ? parts : [element('p', { className: 'trial-prompt' }, prompt)];
    const made = element('div', {}, ...shown);
    place.setAttribute('aria-busy', 'false');
    if (made.innerHTML === said) return;
    const wasOpen = place.querySelector('details')?.open;
    said = made.innerHTML;
    place.replaceChildren(...made.childNodes);
    const folded = place.querySelector('details');
    if (folded && wasOpen) folded.open = true;
  };
}
