// Entries of the properties panel: how a value is read from the diagram, shown, and written back so that it can be undone.

import {
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';

const KINDS = {
  text: [TextFieldEntry, isTextFieldEntryEdited],
  area: [TextAreaEntry, isTextAreaEntryEdited],
  select: [SelectEntry, isSelectEntryEdited],
};

// entry({ id, kind, label, description, placeholder, options, get, set }) -> what a group lists. `get(element)` gives the
// text; `set(element, text, services)` changes the diagram; `options` of a select: [{ value, label }].
export function entry({ id, kind = 'text', get, set, options, ...shown }) {
  const [component, isEdited] = KINDS[kind];
  function Entry({ element }) {
    const services = { commandStack: useService('commandStack'), bpmnFactory: useService('bpmnFactory') };
    const debounce = useService('debounceInput');
    return component({
      element,
      id,
      debounce,
      ...shown,
      getValue: () => get(element) ?? '',
      setValue: (value) => set(element, value, services),
      ...(options && { getOptions: () => withCurrent(options, get(element)) }),
    });
  }
  return { id, component: Entry, isEdited };
}

// An entry for one attribute of the element's BPMN object, such as `camunda:formRef`.
export function attribute(id, name, shown) {
  return entry({
    id,
    ...shown,
    get: (element) => element.businessObject.get(name),
    set: (element, value, services) => update(element, element.businessObject, { [name]: value || undefined }, services),
  });
}

// An entry for a `camunda:property` of the element.
export function property(id, name, shown) {
  return entry({
    id,
    ...shown,
    get: (element) => findProperty(element, name)?.value,
    set: (element, value, services) => writeProperty(element, name, value, services),
  });
}

export function update(element, moddleElement, properties, { commandStack }) {
  commandStack.execute('element.updateModdleProperties', { element, moddleElement, properties });
}

// A value of the diagram that is none of the options stays visible and chosen.
function withCurrent(options, value) {
  const all = [{ value: '', label: '' }, ...options.filter((option) => option.value)];
  return value && !all.some((option) => option.value === value) ? [...all, { value, label: `${value} (?)` }] : all;
}

// The extension elements of a type, such as `camunda:In`, of anything in the diagram.
export function extensions(owner, type) {
  return (owner.extensionElements?.get('values') ?? []).filter((part) => part.$type === type);
}

// Puts others in the place of those extension elements of a type that `replaced` names; the rest stays.
export function writeExtensions(element, owner, type, replaced, values, services) {
  const made = values.map((value) => services.bpmnFactory.create(type, value));
  const gone = extensions(owner, type).filter(replaced);
  const kept = (owner.extensionElements?.get('values') ?? []).filter((part) => !gone.includes(part));
  const extensionElements = services.bpmnFactory.create('bpmn:ExtensionElements', { values: [...kept, ...made] });
  update(element, owner, { extensionElements: kept.length + made.length ? extensionElements : undefined }, services);
}

function findProperty({ businessObject }, name) {
  return propertiesOf(businessObject)?.values?.find((property) => property.name === name);
}

function propertiesOf(businessObject) {
  return businessObject.extensionElements?.values?.find((part) => part.$type === 'camunda:Properties');
}

function writeProperty(element, name, value, services) {
  const { bpmnFactory } = services;
  const business = element.businessObject;
  const found = findProperty(element, name);
  if (found && value) return update(element, found, { value }, services);
  if (!found && !value) return undefined;
  const holder = propertiesOf(business);
  const others = (holder?.values ?? []).filter((property) => property !== found);
  const values = value ? [...others, bpmnFactory.create('camunda:Property', { name, value })] : others;
  if (holder) return update(element, holder, { values }, services);
  const made = bpmnFactory.create('camunda:Properties', { values });
  if (business.extensionElements) {
    const parts = [...business.extensionElements.get('values'), made];
    return update(element, business.extensionElements, { values: parts }, services);
  }
  const extensionElements = bpmnFactory.create('bpmn:ExtensionElements', { values: [made] });
  return update(element, business, { extensionElements }, services);
}
