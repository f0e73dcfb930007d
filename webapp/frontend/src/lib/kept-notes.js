// A note of a case, kept as it is typed: on the server, and nothing of it in the browser's storage.
//
//   data-keep           on the text field: where it is saved; data-keep-task: the task that it is about;
//                       data-keep-writer: who types; data-keep-login: where to sign in beside this page
//   data-kept           after it: a line that says how it stands
//
// The button sends what is safe: what was not saved yet is saved first, so that a login that has ended, or a line that
// is gone, keeps the form on the page instead of losing it.

import { draftBox, signInAgain } from './draft-notes.js';
import { pageId, postAcrossLogins } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);
const REST = 1200; // milliseconds without a key
const LONGEST_REST = 5000; // for those who type without a pause
const PAUSES = [2000, 4000, 8000, 16000, 30000, 60000]; // between tries on a weak line
const PATIENCE = 30000; // for one answer
const FRESH = 60000; // so long a login that was good is taken for good

export function keepNote(field) {
  const { keep: url, keepTask: task, keepWriter: writer, keepLogin: loginUrl } = field.dataset;
  const { form } = field;
  const line = form.querySelector('[data-kept]');
  const page = pageId();
  let revision = 0;
  let saved = field.defaultValue;
  let savedAt = 0;
  let queue = Promise.resolve();
  let trouble = ''; // 'line', 'login' or 'refused'
  let tries = 0;
  let timer = 0;
  let since = 0;
  let sent = false;

  field.addEventListener('input', schedule);
  field.addEventListener('blur', () => dirty() && !trouble && save());
  form.addEventListener('submit', check);
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : retry()));
  addEventListener('pagehide', leave);
  addEventListener('pageshow', () => { sent = false; });
  for (const name of ['online', 'focus']) addEventListener(name, retry);
  addEventListener('beforeunload', (event) => trouble && !sent && dirty() && event.preventDefault());

  function dirty() {
    return field.value !== saved;
  }

  function schedule() {
    if (sent || trouble === 'line' || trouble === 'login') return; // it is on its way, or tried again anyway
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(REST, since + LONGEST_REST - Date.now())));
  }

  // One after the other: what is sent last was typed last.
  function save() {
    clearTimeout(timer);
    since = 0;
    queue = queue.then(async () => {
      const typed = field.value;
      if (typed === saved && !trouble && Date.now() - savedAt < FRESH) return;
      settle(await post(typed, { signal: AbortSignal.timeout?.(PATIENCE) }), typed);
    });
    return queue;
  }

  // The page is left, or may be: what is not on its way yet is sent at once, and outlives the page.
  function leave() {
    clearTimeout(timer);
    if (sent || !dirty() || trouble === 'login') return;
    const typed = field.value;
    post(typed, { keepalive: true }).then((answer) => settle(answer, typed));
  }

  function post(message, options) {
    revision += 1;
    return postAcrossLogins(url, { writer, task, page, revision, message }, loginUrl, options);
  }

  function settle({ status, data }, typed) {
    clearTimeout(timer);
    const other = data.type === 'OtherWriter' ? data.message : '';
    askToSignIn(status === 401 || other, other);
    if (status === 200) {
      [saved, savedAt, tries, trouble] = [typed, Date.now(), 0, ''];
      say(typed.trim() ? text('Draft saved {0}', data.saved) : '');
      if (dirty()) schedule();
    } else if (status === 401 || other) {
      trouble = 'login';
      say(text('Not saved yet: you are not signed in.'));
      timer = setTimeout(retry, PAUSES.at(-1));
    } else if (status >= 400 && status < 500 && status !== 429) {
      trouble = 'refused';
      say(text('Not saved: {0}', data.message ?? status));
    } else {
      trouble = 'line';
      say(text('Not saved yet: {0}; it is tried again.', status ? text('the server does not answer') : text('no connection')));
      timer = setTimeout(retry, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
    }
  }

  // The same box is not put there twice: somebody may be about to press what is in it.
  function askToSignIn(asked, why) {
    const known = form.querySelector('[data-box]');
    if (asked && known?.dataset.why === why) return;
    known?.remove();
    if (!asked) return;
    const box = draftBox('sign-in', ...signInAgain(loginUrl, why));
    box.dataset.why = why;
    line.after(box);
  }

  function say(words) {
    line.classList.toggle('draft-trouble', Boolean(trouble));
    if (line.textContent !== words) line.textContent = words;
  }

  function retry() {
    if (!document.hidden && (trouble === 'line' || trouble === 'login')) save();
  }

  // What the server refuses to keep it is asked to take all the same: it says at the field what is wrong.
  async function check(event) {
    if (sent || (!field.value.trim() && !saved)) return;
    event.preventDefault();
    const { submitter } = event;
    if (submitter) submitter.disabled = true;
    await save();
    if (submitter) submitter.disabled = false;
    if (trouble === 'line' || trouble === 'login') return field.focus();
    sent = true;
    setTimeout(() => form.requestSubmit(submitter)); // while a form is asked whether to submit, it submits nothing else
  }
}
