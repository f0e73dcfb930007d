// Files in and out of an editor, and the warning before unsaved work is lost.

const SETTLED_AFTER = 400; // milliseconds; the properties panels write what is typed after a pause of 300

// Resolves when what was typed last has reached the diagram, table or form.
export function settled() {
  document.activeElement?.blur();
  return new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER));
}

// `button`: gives `content()` (text, or a promise of it) to the person as a file called `name()`.
export function downloadBy(button, name, content, type) {
  button?.addEventListener('click', async () => {
    await settled();
    const address = URL.createObjectURL(new Blob([await content()], { type }));
    const link = Object.assign(document.createElement('a'), { href: address, download: name() });
    link.click();
    URL.revokeObjectURL(address);
  });
}

// `input`: a file field; `open(text, name)` gets what the person chose.
export function importBy(input, open) {
  input?.addEventListener('change', async () => {
    const [file] = input.files;
    if (file) await open(await file.text(), file.name);
    input.value = ''; // so that the same file can be chosen again
  });
}

// `isDirty()` is asked when the page is about to go.
export function warnWhenDirty(isDirty) {
  addEventListener('beforeunload', (event) => {
    if (isDirty()) event.preventDefault();
  });
}
