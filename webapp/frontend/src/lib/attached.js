// What the script of a form has to know of the files on its page (lib/attachments.js sends them).

// What goes with a new case: the ids of the files in the list. Nothing at a task, whose files are the case's already.
export function attached() {
  const place = document.querySelector('[data-attach-start]');
  if (!place) return {};
  return { attachments: [...place.querySelectorAll('[data-attachment]')].map((line) => line.dataset.attachment) };
}

// The line of a file that is on its way, or that was refused and waits for a word of the person; null where none is.
export function unsettled() {
  return document.querySelector('[data-attach] [data-attach-unsettled]');
}
