// Files on a page: sent as soon as they are chosen, one after the other, with their progress in words. What fails
// stays in the list and is sent again by a button, without being chosen anew. Without this script the form sends itself.
//
//   [data-attach]            the section: its form has the address; `data-attach-list` is the list,
//                            `data-attach-said` tells screen readers what has become of a file
//   [data-attach-unsettled]  on a line that is no attachment yet

import { element } from './page.js';
import { explain } from './problems.js';
import { shrunk } from './shrinking.js';
import { texts } from './text.js';
import { unsettled } from './attached.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);
const STEP = 10; // per cent; more often is noise for whoever listens
const PATIENCE = 120_000; // milliseconds without an answer: a weak line is slow, a dead one is dead

export function attachWithin(root) {
  const place = root.querySelector('[data-attach]');
  if (!place) return;
  const form = place.querySelector('form[enctype]');
  place.classList.add('attach-live');
  let queue = Promise.resolve();
  const send = (line, file, description) => {
    queue = queue.then(() => sendOne(place, form, line, file, description));
  };
  for (const input of form.querySelectorAll('input[type=file]')) {
    input.addEventListener('change', () => {
      const words = form.elements.description;
      for (const file of input.files) {
        const line = newLine(file);
        place.querySelector('[data-attach-list]').append(line.node);
        line.again.addEventListener('click', () => send(line, file, line.description));
        line.description = words.value;
        send(line, file, line.description);
      }
      input.value = ''; // so that the same file can be chosen again
      words.value = '';
    });
  }
  place.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-attachment-remove]')) return;
    event.preventDefault();
    remove(place, event.target);
  });
  addEventListener('beforeunload', (event) => {
    if (unsettled()) event.preventDefault();
  });
}

// A file's line before it is an attachment: its name, how far it is, and two buttons for when it fails.
function newLine(file) {
  const words = element('span', { className: 'quiet-text' }, text('Waiting'));
  const again = element('button', { type: 'button', className: 'secondary', hidden: true }, text('Send again'));
  const drop = element('button', { type: 'button', className: 'quiet', hidden: true }, text('Remove'));
  for (const button of [again, drop]) {
    button.append(element('span', { className: 'visually-hidden' }, ` ${file.name}`));
  }
  const name = element('span', {}, file.name);
  const node = element(
    'li',
    { className: 'attachment' },
    element('div', { className: 'attachment-words' }, name, words),
    element('div', { className: 'attachment-buttons' }, again, drop),
  );
  node.dataset.attachUnsettled = '';
  const line = { node, words, again, drop, name: file.name, id: crypto.randomUUID?.().replaceAll('-', '') ?? '' };
  drop.addEventListener('click', () => {
    const place = node.closest('[data-attach]');
    node.remove();
    goOn(place);
  });
  return line;
}

async function sendOne(place, form, line, file, description) {
  if (!line.node.isConnected) return;
  show(line, text('Being made ready'), false);
  const small = await shrunk(file);
  const body = new FormData();
  body.append('csrf_token', document.querySelector('meta[name="csrf-token"]')?.content ?? '');
  body.append('description', description);
  body.append('upload_id', line.id); // where only the answer was lost, the file is not attached twice
  body.append('file', small, file.name);
  const answer = await post(form.action, body, (part) => show(line, progress(part, small.size), false));
  if (answer.status !== 200) {
    show(line, reason(answer), true);
    say(place, `${line.name}: ${line.words.textContent}`);
    if (!document.activeElement || document.activeElement === document.body) line.again.focus();
    return;
  }
  const lines = document.createElement('template');
  lines.innerHTML = answer.data.html;
  line.node.replaceWith(lines.content);
  say(place, text('Attached: {0}', line.name));
}

function progress(part, size) {
  if (part >= 1) return text('Being looked at');
  const sent = Math.floor((part * 100) / STEP) * STEP;
  return text('Sent: {0} % of {1} KB', sent, Math.max(1, Math.round(size / 1024)));
}

// Nothing was stored of a file, so what is said of typed answers elsewhere is not said here.
function reason(answer) {
  if (answer.status === 0) return text('Not sent: no connection. The file is still here.');
  if (answer.status === 401) return text('Not sent: your session has ended. Sign in in another tab, then send again.');
  return answer.data.message ?? explain(answer);
}

function show(line, words, failed) {
  line.words.textContent = words;
  line.node.classList.toggle('attachment-failed', failed);
  line.again.hidden = line.drop.hidden = !failed;
}

function say(place, words) {
  place.querySelector('[data-attach-said]').textContent = words;
}

async function remove(place, form) {
  const line = form.closest('.attachment');
  const button = form.querySelector('button');
  button.disabled = true;
  const answer = await post(form.action, new FormData(form), () => {});
  if (answer.status === 200 || answer.status === 404) {
    const name = line.querySelector('a')?.textContent ?? '';
    line.remove();
    say(place, text('Removed: {0}', name));
    goOn(place);
    return;
  }
  button.disabled = false;
  say(place, reason(answer));
}

// The focus was on a button that is gone.
function goOn(place) {
  place.querySelector('input[name=file]').focus();
}

// POST -> { status, data } as `postJson`; XMLHttpRequest, since `fetch` tells no progress.
function post(url, body, onProgress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.timeout = PATIENCE;
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener('loadend', () => {
      const isJson = (request.getResponseHeader('Content-Type') ?? '').includes('json');
      const data = isJson ? parsed(request.responseText) : {};
      done({ status: request.status === 200 && !isJson ? 401 : request.status, data });
    });
    request.send(body);
  });
}

function parsed(content) {
  try {
    return JSON.parse(content);
  } catch {
    return {};
  }
}
