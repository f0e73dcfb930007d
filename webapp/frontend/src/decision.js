// The analyst's editor of decisions: dmn-js in #canvas, a tab for each table or diagram, problems in #problems.
//
// page-data: { xml, name, deployUrl, lintUrl, tryUrl }. Buttons, each optional: #deploy, #download; #import is a file field.
// deployUrl and lintUrl get { resources: [{ name, content }] } and answer { message, findings }, lintUrl without deploying;
// without tryUrl nothing can be tried out.

import './decision.css';

import DmnModeler from 'dmn-js/lib/Modeler.js';

import { trialPanel } from './decision/trial.js';
import { deployBy } from './lib/deploying.js';
import { downloadBy, importBy, warnWhenDirty } from './lib/files.js';
import { findingsPanel } from './lib/findings.js';
import { lintBy } from './lib/linting.js';
import { element, pageData } from './lib/page.js';
import { clearProblem, showProblem } from './lib/problems.js';
import { texts } from './lib/text.js';
import { translation } from './lib/translation.js';
import decisionTexts from './texts/dmn-js.js';
import dictionary from './texts/desks.js';

const text = texts(dictionary);
const page = pageData();
const place = document.querySelector('.editor');
const canvas = document.getElementById('canvas');
const tabs = element('div', { className: 'editor-tabs' });
const table = element('div', { className: 'decision-view' });
let name = page.name ?? 'decision.dmn';
let dirty = false;

tabs.setAttribute('role', 'toolbar');
tabs.setAttribute('aria-label', text('Tables and diagrams'));
canvas.append(tabs, table);
const view = { additionalModules: [translation(decisionTexts)] };
const modeler = new DmnModeler({
  container: table,
  drd: view,
  decisionTable: view,
  literalExpression: view,
  boxedExpression: view,
});
nameNumbers(table);
const showFindings = findingsPanel(document.getElementById('problems'), goTo);
const content = async () => (await modeler.saveXML({ format: true })).xml;
const resources = async () => [{ name, content: await content() }];
const lintSoon = lintBy({ url: page.lintUrl, resources, show: (findings) => showFindings('server', findings) });
const trial = page.tryUrl ? trialPanel({ url: page.tryUrl, canvas, modeler, content }) : null;

modeler.on('views.changed', ({ views, activeView }) => {
  tabs.replaceChildren(...views.map((one) => tab(one, activeView)));
  trial?.opened(activeView);
});
modeler.on('viewer.created', ({ viewer }) => {
  viewer.on('commandStack.changed', () => {
    dirty = true;
    trial?.changed();
    lintSoon();
  });
});
downloadBy(document.getElementById('download'), () => name, content, 'application/xml');
importBy(document.getElementById('import'), async (xml, file) => {
  dirty = await open(xml, file);
});
warnWhenDirty(() => dirty);
deployBy(document.getElementById('deploy'), {
  url: page.deployUrl,
  place,
  resources,
  show: (findings) => showFindings('server', findings),
  done: () => (dirty = false),
});

await open(page.xml, name);
dirty = false;
document.dispatchEvent(new CustomEvent('decision-ready'));

async function open(xml, file) {
  try {
    clearProblem(place);
    const { warnings } = await modeler.importXML(xml, { open: false });
    await modeler.open(firstView());
    name = file;
    showFindings('server', []);
    showFindings('file', warnings.map(({ message }) => ({ severity: 'warn', message })));
    lintSoon();
    return true;
  } catch (error) {
    showProblem(place, { title: text('{0} cannot be opened', file), items: [{ text: error.message }] });
    return dirty;
  }
}

// The table where there is but one: the diagram of decisions would show a single box.
function firstView() {
  const views = modeler.getViews();
  const inside = views.filter(({ type }) => type !== 'drd');
  return inside.length === 1 ? inside[0] : views[0];
}

function tab(one, activeView) {
  const isDiagram = one.type === 'drd';
  const label = isDiagram ? text('Diagram of decisions') : one.name || one.id;
  const made = element('button', { type: 'button', className: 'secondary' }, label);
  made.setAttribute('aria-pressed', String(one.element === activeView?.element));
  made.addEventListener('click', () => modeler.open(one));
  return made;
}

// dmn-js leaves the column of the rules' numbers without a heading.
function nameNumbers(place) {
  new MutationObserver(() => {
    for (const heading of place.querySelectorAll('thead th.index-column:not([role])')) heading.setAttribute('role', 'cell');
  }).observe(place, { childList: true, subtree: true });
}

// The decision with this id, or the one whose table has a row or column with it; the row comes into sight.
async function goTo(id) {
  const found = modeler.getViews().find((one) => partsOf(one.element).some((part) => part.id === id));
  if (!found) return;
  await modeler.open(found);
  const cell = table.querySelector(`[data-row-id="${CSS.escape(id)}"], [data-col-id="${CSS.escape(id)}"]`);
  cell?.scrollIntoView({ block: 'center', inline: 'nearest' });
}

function partsOf(decision) {
  const { rule = [], input = [], output = [] } = decision.decisionLogic ?? {};
  return [decision, ...rule, ...input, ...output];
}
