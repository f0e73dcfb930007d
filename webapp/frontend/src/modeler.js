// The analyst's editor of diagrams: bpmn-js in #canvas, properties in #properties, problems in #problems.
//
// page-data: { xml, name, deployUrl, lintUrl, forms, decisions, groups, processes } - `name` is the resource's name, the
// lists are ids that the agency has. Buttons, each optional: #deploy, #download, #undo, #redo; #import is a file field.
// deployUrl and lintUrl get { resources: [{ name, content }] } and answer { message, findings }, lintUrl without deploying.

import './modeler.css';

import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import { CamundaPlatformPropertiesProviderModule } from 'bpmn-js-properties-panel';
import lintModule from 'bpmn-js-bpmnlint';
import Modeler from 'bpmn-js/lib/Modeler.js';
import camundaBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-platform/index.js';
import camundaModdle from 'camunda-bpmn-moddle/resources/camunda.json';
import lintRules from 'bpmnlint:recommended';

import { deployBy } from './lib/deploying.js';
import { downloadBy, importBy, warnWhenDirty } from './lib/files.js';
import { findingsPanel } from './lib/findings.js';
import { lintBy } from './lib/linting.js';
import { markFindings } from './lib/marked-findings.js';
import { pageData } from './lib/page.js';
import { clearProblem, showProblem } from './lib/problems.js';
import { showReadably } from './lib/readable-view.js';
import { texts } from './lib/text.js';
import { translation } from './lib/translation.js';
import { zoomButtons } from './lib/zoom-buttons.js';
import { HonouredTypes } from './modeler/honoured.js';
import { trimmedPanel } from './modeler/panel.js';
import diagramTexts from './texts/bpmn-js.js';
import dictionary from './texts/desks.js';

const PALETTE = 180; // the tools lie over the diagram's left edge; in units of the diagram

const text = texts(dictionary);
const page = pageData();
const place = document.querySelector('.editor');
const canvas = document.getElementById('canvas');
const button = (id) => document.getElementById(id);
let name = page.name ?? 'diagram.bpmn';
let saved = 0;

const modeler = new Modeler({
  container: canvas,
  propertiesPanel: { parent: '#properties' },
  linting: { bpmnlint: lintRules, active: true },
  moddleExtensions: { camunda: camundaModdle },
  additionalModules: [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    CamundaPlatformPropertiesProviderModule,
    camundaBehaviors,
    lintModule,
    translation(diagramTexts),
    trimmedPanel(page, text),
    { __init__: ['honouredTypes'], honouredTypes: ['type', HonouredTypes] },
  ],
});
const commandStack = modeler.get('commandStack');
const showFindings = findingsPanel(document.getElementById('problems'), goTo);
const content = async () => (await modeler.saveXML({ format: true })).xml;
const resources = async () => [{ name, content: await content() }];
const lintSoon = lintBy({ url: page.lintUrl, resources, show: showServerFindings });
canvas.append(zoomButtons(modeler.get('canvas')));

modeler.on('linting.completed', ({ issues }) => showFindings('bpmnlint', Object.entries(issues).flatMap(asFindings)));
modeler.on('commandStack.changed', () => {
  updateButtons();
  lintSoon();
});
button('undo')?.addEventListener('click', () => commandStack.undo());
button('redo')?.addEventListener('click', () => commandStack.redo());
downloadBy(button('download'), () => name, content, 'application/xml');
importBy(document.getElementById('import'), (xml, file) => open(xml, file));
warnWhenDirty(() => commandStack._stackIdx !== saved);
deployBy(button('deploy'), {
  url: page.deployUrl,
  place,
  resources,
  show: showServerFindings,
  done: () => (saved = commandStack._stackIdx),
});

await open(page.xml, name);
saved = commandStack._stackIdx;
document.dispatchEvent(new CustomEvent('modeler-ready'));

async function open(xml, file) {
  try {
    clearProblem(place);
    const { warnings } = await modeler.importXML(xml);
    name = file;
    saved = -2; // what was imported is not deployed yet
    showReadably(modeler, {}, PALETTE);
    showServerFindings([]);
    showFindings('file', warnings.map(({ message, element }) => ({ severity: 'warn', message, element_id: element?.id })));
  } catch (error) {
    showProblem(place, { title: text('{0} cannot be opened', file), items: [{ text: error.message }] });
  }
  updateButtons();
}

function updateButtons() {
  if (button('undo')) button('undo').disabled = !commandStack.canUndo();
  if (button('redo')) button('redo').disabled = !commandStack.canRedo();
}

function goTo(id) {
  const target = modeler.get('elementRegistry').get(id);
  if (!target) return;
  modeler.get('canvas').scrollToElement(target);
  modeler.get('selection').select(target);
}

function asFindings([id, issues]) {
  const nameOf = modeler.get('elementRegistry').get(id)?.businessObject.name;
  return issues.map(({ category, message, rule }) => ({
    severity: category,
    message: modeler.get('translate')(message),
    element_id: id,
    element_name: nameOf,
    rule,
  }));
}

function showServerFindings(found) {
  const registry = modeler.get('elementRegistry');
  const nameOf = (id) => registry.get(id)?.businessObject.name;
  const findings = found.map((finding) => ({ ...finding, element_name: finding.element_name || nameOf(finding.element_id) }));
  showFindings('server', findings);
  markFindings(modeler, findings);
}
