// Between form-js' fields and the names that the server uses for them (`anak.nik`, `pertemuan.0.tanggal`).
//
// The errors of a form live in its state by field id, then by row of a dynamic list; form-js 1.23 has no public way
// to set them, so this reaches into `_getState` and `_setState` (the version is pinned).

// Every field on the page: { name, field, indexes, node }, in the order in which people see them.
export function fieldsOf(form) {
  const registry = form.get('formFieldRegistry');
  const instances = form.get('formFieldInstanceRegistry').getAllKeyed();
  const found = instances.map(({ id, valuePath, indexes }) => {
    const rows = Object.values(indexes ?? {});
    return { name: valuePath.join('.'), field: registry.get(id), path: [id, ...rows], node: controlOf(form, id, rows) };
  });
  return found.filter(({ node }) => node).sort((one, other) => (isBefore(one.node, other.node) ? -1 : 1));
}

// The messages that stand at a field now.
export function messagesAt(form, path) {
  const messages = path.reduce((at, key) => at?.[key], form._getState().errors);
  return Array.isArray(messages) ? messages : [];
}

// Puts the server's messages, [{ field, message }], at their fields; returns those that no field on the page takes.
export function placeMessages(form, messages) {
  const fields = fieldsOf(form);
  const errors = structuredClone(form._getState().errors);
  const homeless = messages.filter(({ field: name, message }) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field) put(errors, field.path, message);
    return !field;
  });
  form._setState({ errors });
  return homeless;
}

// How people call a field: its label on the page, without the asterisk.
export function labelOf({ node, field, name }) {
  const label = node.closest('.fjs-form-field')?.querySelector('.fjs-form-field-label')?.cloneNode(true);
  label?.querySelector('.fjs-asterix')?.remove();
  return label?.textContent.trim() || field.label || name;
}

// [name, value] of top level fields -> { label, value } in words, in the order given.
export function describeFields(form, pairs) {
  const fields = form.get('formFieldRegistry').getAll();
  return pairs.map(([name, value]) => {
    const field = fields.find(({ key, path }) => [key, path].includes(name)) ?? {};
    const label = field.label ?? field.dateLabel ?? field.timeLabel ?? name;
    return { label, value: inWords(field, value) };
  });
}

function inWords(field, value) {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? value.join(', ') : '…';
  if (typeof value === 'object') return '…';
  return field.values?.find((option) => option.value === value)?.label ?? String(value);
}

function put(errors, path, message) {
  let at = errors;
  for (const key of path.slice(0, -1)) at = at[key] ??= {};
  const last = path.at(-1);
  at[last] = [...(Array.isArray(at[last]) ? at[last] : []), message];
}

// The first control of a field; form-js names them `fjs-form-<form>-<field>_<row>`, with a suffix where there are several.
function controlOf(form, id, rows) {
  const name = ['fjs-form', form._id, id].join('-') + rows.map((row) => `_${row}`).join('');
  const nodes = document.querySelectorAll(`[id="${name}"], [id^="${name}-"]`);
  return [...nodes].find((node) => node.matches('input, textarea, select, button, [tabindex]')) ?? null;
}

function isBefore(one, other) {
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}
