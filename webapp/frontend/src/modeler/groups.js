// Our own groups in the properties panel, where Camunda's offer what the engine does not run, or speak of Java and EL.

import { is } from 'bpmn-js/lib/util/ModelUtil.js';

import { attribute, entry, extensions, property, update, writeExtensions } from './entries.js';

const RESULTS = {
  singleEntry: 'One value (one rule, one output)',
  singleResult: 'One row (one rule, several outputs)',
  collectEntries: 'A list of values',
  resultList: 'A list of rows',
};

// ownGroups(element, page, text) -> [{ id, label, entries }]; `page` is the page's data, `text` translates.
export function ownGroups(element, page, text) {
  return [lane, sop, assignment, form, decision, external, carried, condition, call].map((make) => make(element, page, text)).filter(Boolean);
}

function lane(element, page, text) {
  if (!is(element, 'bpmn:Lane')) return null;
  const shown = { kind: 'select', label: text('Group that works here'), options: named(page.groups) };
  return group('lane', text('Group'), [property('laneGroup', 'kelompok', shown)]);
}

function sop(element, _page, text) {
  if (!is(element, 'bpmn:FlowNode')) return null;
  return group('sop', text('Standard procedure'), [
    property('sopStep', 'langkah', { label: text('Step'), description: text('Number of the step in the SOP') }),
    property('sopBasis', 'dasar', { kind: 'area', label: text('Basis'), description: text('The words of the SOP or the law') }),
  ]);
}

function assignment(element, page, text) {
  if (!is(element, 'bpmn:UserTask')) return null;
  const groups = (page.groups ?? []).join(', ');
  const hint = text('Empty: the group of the lane.') + (groups ? ` ${text('Known: {0}', groups)}` : '');
  const feel = text('FEEL, for instance =date and time(waktu_diterima) + duration("PT48H")');
  return group('assignment', text('Who and when'), [
    attribute('candidateGroups', 'camunda:candidateGroups', { label: text('Candidate groups'), description: hint }),
    attribute('assignee', 'camunda:assignee', { label: text('Assignee'), description: text('A user, or FEEL after =') }),
    attribute('dueDate', 'camunda:dueDate', { label: text('Due date'), description: feel }),
    attribute('followUpDate', 'camunda:followUpDate', { label: text('Follow-up date') }),
    attribute('priority', 'camunda:priority', { label: text('Priority'), description: text('A whole number; the usual is 50') }),
  ]);
}

function form(element, page, text) {
  const starts = is(element, 'bpmn:StartEvent') && !element.businessObject.eventDefinitions?.length;
  if (!starts && !is(element, 'bpmn:UserTask')) return null;
  return group('form', text('Form'), [
    attribute('formRef', 'camunda:formRef', { kind: 'select', label: text('Form'), options: named(page.forms) }),
    attribute('formRefBinding', 'camunda:formRefBinding', { kind: 'select', label: text('Which version'), options: versions(text) }),
  ]);
}

function decision(element, page, text) {
  if (!is(element, 'bpmn:BusinessRuleTask')) return null;
  const results = Object.entries(RESULTS).map(([value, label]) => ({ value, label: text(label) }));
  return group('decision', text('Decision'), [
    attribute('decisionRef', 'camunda:decisionRef', { kind: 'select', label: text('Decision'), options: named(page.decisions) }),
    attribute('decisionRefBinding', 'camunda:decisionRefBinding', {
      kind: 'select',
      label: text('Which version'),
      options: versions(text),
    }),
    attribute('resultVariable', 'camunda:resultVariable', { label: text('Result variable') }),
    attribute('mapDecisionResult', 'camunda:mapDecisionResult', { kind: 'select', label: text('Result is'), options: results }),
  ]);
}

// Whatever has a topic is an external task: the one attribute is written with the other.
function external(element, _page, text) {
  const owner = workedOnOutside(element);
  if (!owner) return null;
  const shown = { label: text('Topic'), description: text('Under which a program outside finds the task, or FEEL after =') };
  return group('external', text('Program outside'), [
    entry({
      id: 'topic',
      ...shown,
      get: () => owner.get('camunda:topic'),
      set: (_element, value, services) => {
        const type = value ? 'external' : undefined;
        update(element, owner, { 'camunda:type': type, 'camunda:topic': value || undefined }, services);
      },
    }),
  ]);
}

// What a message takes along (a signal's mappings are shown by Camunda's own group), as `camunda:in` of what throws it.
function carried(element, _page, text) {
  const owner = workedOnOutside(element);
  if (!owner || is(element, 'bpmn:ServiceTask') || owner.get('camunda:topic')) return null;
  const names = { label: text('Variables'), description: text('Names, separated by commas; * for all') };
  const key = { label: text('For the case with the number'), description: text('Empty: the only case that waits for it; a number, or FEEL after =') };
  return group('carried', text('What the message carries'), [
    entry({
      id: 'carried',
      ...names,
      get: () => extensions(owner, 'camunda:In').filter(isPlain).map((part) => part.source ?? '*').join(', '),
      set: (_element, value, services) => writeExtensions(element, owner, 'camunda:In', isPlain, namesIn(value).map(mapping), services),
    }),
    entry({
      id: 'carriedKey',
      ...key,
      get: () => extensions(owner, 'camunda:In').find((part) => part.businessKey)?.businessKey,
      set: (_element, value, services) =>
        writeExtensions(element, owner, 'camunda:In', (part) => part.businessKey, value ? [{ businessKey: value }] : [], services),
    }),
  ]);
}

function isPlain(part) {
  return part.variables === 'all' || (part.source && part.source === part.target);
}

function namesIn(text = '') {
  return text.split(',').map((name) => name.trim()).filter(Boolean);
}

function mapping(name) {
  return name === '*' ? { variables: 'all' } : { source: name, target: name };
}

function workedOnOutside(element) {
  if (is(element, 'bpmn:ServiceTask') || is(element, 'bpmn:SendTask')) return element.businessObject;
  if (!is(element, 'bpmn:ThrowEvent')) return null;
  return element.businessObject.eventDefinitions?.find((part) => is(part, 'bpmn:MessageEventDefinition'));
}

function condition(element, _page, text) {
  const event = element.businessObject.eventDefinitions?.find((part) => is(part, 'bpmn:ConditionalEventDefinition'));
  const decides = is(element, 'bpmn:SequenceFlow') && /(Ex|In)clusiveGateway$/.test(element.source?.type ?? '');
  if (!event && !decides) return null;
  const [owner, name] = event ? [event, 'condition'] : [element.businessObject, 'conditionExpression'];
  const shown = { kind: 'area', label: text('Condition'), description: text('FEEL, for instance =hasil_telaah = "setuju"') };
  return group('condition', text('Condition'), [
    entry({
      id: 'condition',
      ...shown,
      get: () => owner.get(name)?.body,
      set: (_element, value, services) => {
        const body = value && services.bpmnFactory.create('bpmn:FormalExpression', { body: value });
        update(element, owner, { [name]: body || undefined }, services);
      },
    }),
  ]);
}

function call(element, page, text) {
  if (!is(element, 'bpmn:CallActivity')) return null;
  return group('call', text('Called process'), [
    attribute('calledElement', 'calledElement', { kind: 'select', label: text('Process'), options: named(page.processes) }),
  ]);
}

function group(id, label, entries) {
  return { id: `titian-${id}`, label, entries };
}

function named(ids = []) {
  return ids.map((id) => ({ value: id, label: id }));
}

function versions(text) {
  return [
    { value: 'deployment', label: text('The one deployed together with the diagram') },
    { value: 'latest', label: text('Always the latest') },
  ];
}
