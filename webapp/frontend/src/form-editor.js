// The analyst's editor of forms: form-js' editor in #canvas, problems in #problems.
//
// page-data: { schema, name, deployUrl }. Buttons, each optional: #deploy, #download, #undo, #redo; #import is a file field.
// deployUrl gets { resources: [{ name, content }] } and answers { message, findings }.

import './form-editor.css';

import { FormEditor } from '@bpmn-io/form-js-editor';

import './lib/calendar.js';
import { deployBy } from './lib/deploying.js';
import { downloadBy, importBy, warnWhenDirty } from './lib/files.js';
import { findingsPanel } from './lib/findings.js';
import { pageData } from './lib/page.js';
import { clearProblem, showProblem } from './lib/problems.js';
import { texts } from './lib/text.js';
import dictionary from './texts/desks.js';

const text = texts(dictionary);
const page = pageData();
const place = document.querySelector('.editor');
const button = (id) => document.getElementById(id);
let name = page.name ?? 'form.form';
let saved;

const editor = new FormEditor({ container: button('canvas') });
const showFindings = findingsPanel(button('problems'), (id) => editor.get('selection').set(fieldCalled(id)));
const content = () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;
const history = () => editor.get('commandStack');

editor.on('changed', updateButtons);
editor.on('commandStack.changed', updateButtons);
button('undo')?.addEventListener('click', () => history().undo());
button('redo')?.addEventListener('click', () => history().redo());
downloadBy(button('download'), () => name, content, 'application/json');
importBy(button('import'), (json, file) => open(json, file));
warnWhenDirty(() => content() !== saved);
deployBy(button('deploy'), {
  url: page.deployUrl,
  place,
  resources: async () => [{ name, content: content() }],
  show: (findings) => showFindings('server', findings),
  done: () => (saved = content()),
});

await open(JSON.stringify(page.schema), name);
saved = content();
document.dispatchEvent(new CustomEvent('form-editor-ready'));

async function open(json, file) {
  try {
    clearProblem(place);
    await editor.importSchema(JSON.parse(json));
    name = file;
    showFindings('server', []);
  } catch (error) {
    showProblem(place, { title: text('{0} cannot be opened', file), items: [{ text: error.message }] });
  }
  updateButtons();
}

function updateButtons() {
  if (button('undo')) button('undo').disabled = !history().canUndo();
  if (button('redo')) button('redo').disabled = !history().canRedo();
}

// The server names a field by its id or by its key.
function fieldCalled(idOrKey) {
  const fields = editor.get('formFieldRegistry');
  return fields.get(idOrKey) ?? fields.getAll().find(({ key }) => key === idOrKey) ?? null;
}
