// A form-js field for files (`filepicker`) and the section where files are attached (lib/attachments.js): its button
// opens the section's chooser, and its value is what is in the section's list.
//
// form-js 1.23 keeps files in the browser under a key that is the field's value; ours are on the server already, so
// it is given a key with empty files of their names, and the ids take the key's place before the form is sent.

export const FILES = 'files::attached'; // what such a field holds in the browser

// bindFiles(form, earlier) -> fill(variables): `earlier`: what the fields held before, by the form's data.
export function bindFiles(form, earlier = {}) {
  const list = document.querySelector('[data-attach-list]');
  const container = form._container;
  container.addEventListener('click', chooseBelow, true);
  const before = valuesOf(form, earlier);
  const tell = () => tellForm(form, [...before, ...linesOf(list).map((line) => line.querySelector('a').textContent)]);
  if (list) new MutationObserver(tell).observe(list, { childList: true });
  form.on('changed', tell);
  tell();
  return (variables) => replaced(variables, [...before, ...linesOf(list).map((line) => line.dataset.attachment)]);
}

function chooseBelow(event) {
  if (!event.target.closest('.fjs-filepicker-button')) return;
  event.preventDefault();
  event.stopPropagation();
  document.getElementById('attach-file')?.click();
}

// The field that is shown, if there is one.
function instanceOf(form) {
  const fields = form.get('formFieldRegistry');
  return form.get('formFieldInstanceRegistry').getAllKeyed().find(({ id }) => fields.get(id).type === 'filepicker');
}

function tellForm(form, names) {
  const fieldInstance = instanceOf(form);
  if (!fieldInstance) return;
  const registry = form.get('fileRegistry');
  const known = registry.getFiles(FILES).map(({ name }) => name);
  const value = names.length ? FILES : null;
  const same = names.join('\n') === known.join('\n') && registry.hasKey(FILES);
  if (same && (valueAt(form._getState().data, fieldInstance.valuePath) ?? null) === value) return;
  registry.setFiles(FILES, names.map((name) => new File([], name)));
  form._update({ fieldInstance, value });
}

// The lines of files that are attached; none where nothing can be attached.
function linesOf(list) {
  return [...(list?.querySelectorAll('[data-attachment]') ?? [])];
}

// The ids that the fields held in an earlier round of the step: they stay.
function valuesOf(form, earlier) {
  const found = valueAt(earlier, instanceOf(form)?.valuePath ?? []);
  return Array.isArray(found) ? found : [];
}

function valueAt(data, path) {
  return path.reduce((at, name) => at?.[name], data);
}

function replaced(value, ids) {
  if (value === FILES) return [...new Set(ids)];
  if (Array.isArray(value)) return value.map((each) => replaced(each, ids));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaced(each, ids)]));
}
