// The draft of a form: what is typed is on the server a second later, and nothing of it in the browser's storage.
//
// page.draft: { writer, page, pageUrl, saveUrl, chooseUrl, discardUrl, loginUrl,
//               anotherUrl,                                         (at a start form: to begin another report)
//               version, values, before, rivals, aside }            (the last five where there is a draft)
// What is kept are the fields that the writer has changed, with what they held before, and at a start form the ids of
// the files in the list: the next report may be another child's. A saving that is not answered
// is tried again; each try has a higher revision, so that the server knows an older one that arrives late.

import { attached } from './attached.js';
import { FILES } from './file-field.js'; // files are on the server already
import { describeFields } from './form-fields.js';
import { notes } from './draft-notes.js';
import { pageId, postAcrossLogins, postJson } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);
const REST = 1200; // milliseconds without a key
const LONGEST_REST = 5000; // for those who type without a pause
const PAUSES = [2000, 4000, 8000, 16000, 30000, 60000]; // between tries on a weak line
const PATIENCE = 30000; // for one answer
const MOST_KEPT_ALIVE = 60000; // bytes that a browser sends for a page that is gone (fetch: 64 KiB)
const WAITING = ['line', 'login', 'closed']; // for the line, or for the writer: another key changes nothing
const GONE = ['TaskClosed', 'InstanceErased', 'ActionForbidden', 'SecondPersonNeeded', 'TaskNotFound', 'DefinitionNotFound'];

// Opens the form with the draft in it. Returns what its fields hold without the draft.
export async function importWithDraft(form, page) {
  await form.importSchema(page.schema, page.data ?? {});
  const before = structuredClone(form._getState().data);
  if (page.draft?.values) await form.importSchema(page.schema, { ...page.data, ...page.draft.values });
  return before;
}

// Keeps the draft of an open form. Returns { id(), atRisk(), pause(), resume() }.
export function keepDraft(form, place, draft, before) {
  const said = notes(draft, { choose, discard, goTo, startAnew, another });
  const version = draft.version;
  let { page } = draft;
  let id = version?.id ?? page;
  let known = version?.revision ?? 0;
  let last = known;
  let saved = shot();
  let touched = false;
  let sending = false;
  let again = false;
  let stopped = false;
  let trouble = '';
  let tries = 0;
  let timer = 0;
  let since = 0;
  let leaving = '';
  let flight = Promise.resolve();
  let { attachments: files } = attached();

  if (version) said.continued(version, describeFields(form, changedSince(draft, before)));
  for (const name of ['focusin', 'pointerdown', 'keydown']) place.addEventListener(name, touch, { capture: true });
  form.on('changed', () => !stopped && !WAITING.includes(trouble) && dirty() && schedule());
  place.addEventListener('focusout', () => touched && !trouble && setTimeout(() => dirty() && save(), 300));
  document.getElementById('draft-save')?.addEventListener('click', () => save({ asked: true }));
  const list = document.querySelector('[data-attach-start] [data-attach-list]');
  if (list) new MutationObserver(takeFiles).observe(list, { childList: true });
  addEventListener('online', retry);
  addEventListener('focus', () => trouble && retry());
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : trouble && retry()));
  addEventListener('pagehide', leave);

  return {
    id: () => id,
    atRisk: () => !stopped && dirty() && (Boolean(trouble) || shot().length > MOST_KEPT_ALIVE),
    pause: () => { stopped = true; clearTimeout(timer); },
    resume: () => { stopped = false; if (dirty()) schedule(); },
  };

  // What scripts put into fields while the form is drawn is no answer of a person.
  function touch() {
    if (touched) return;
    touched = true;
    if (!version) before = structuredClone(form._getState().data);
    saved = shot();
  }

  // A file that comes or goes is typed text, too.
  function takeFiles() {
    const { attachments: now } = attached();
    if (same(now, files)) return;
    files = now;
    if (!touched) {
      touch();
      saved = '';
    }
    if (!stopped && !WAITING.includes(trouble)) save();
  }

  function shot() {
    const now = form._getState().data;
    const names = Object.keys({ ...before, ...now }).filter((name) => now[name] !== FILES && !same(before[name], now[name]));
    const values = Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
    const former = Object.fromEntries(names.map((name) => [name, before[name] ?? null]));
    return JSON.stringify({ values, before: former, ...(draft.anotherUrl && { files: attached().attachments ?? [] }) });
  }

  function dirty() {
    return touched && shot() !== saved;
  }

  function schedule() {
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(REST, since + LONGEST_REST - Date.now())));
  }

  // `asked`: by the button, also where nothing has changed.
  async function save({ asked = false } = {}) {
    clearTimeout(timer);
    if (stopped || (!asked && !dirty() && !trouble)) return;
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    since = 0;
    const taken = shot();
    flight = send(taken, { signal: AbortSignal.timeout?.(PATIENCE) });
    const answer = await flight;
    sending = false;
    if (stopped) return;
    settle(answer, taken);
    if (again && !trouble) {
      again = false;
      if (dirty()) await save();
    }
  }

  // The page is left, or may be: what is not on its way yet is sent at once, and outlives the page.
  function leave() {
    clearTimeout(timer);
    const taken = shot();
    if (stopped || !dirty() || taken === leaving) return;
    leaving = taken;
    send(taken, { keepalive: taken.length <= MOST_KEPT_ALIVE }).then((answer) => !stopped && settle(answer, taken));
  }

  async function send(taken, options) {
    last = Math.max(last, known) + 1;
    const body = { ...JSON.parse(taken), writer: draft.writer, draft: id, page, base: known, revision: last };
    return postAcrossLogins(draft.saveUrl, body, draft.loginUrl, options);
  }

  function settle(answer, taken) {
    if (answer.data.version) return succeed(answer.data, taken);
    const { status, data } = answer;
    leaving = '';
    if (status === 401 || data.type === 'OtherWriter') return ask(data);
    if (data.type === 'DraftClosed') {
      trouble = 'closed';
      said.closed();
    } else if (GONE.includes(data.type)) {
      stopped = true;
      said.gone(data.message);
    } else if (status === 400 || status === 413) {
      trouble = 'refused';
      said.status(text('Not saved: {0}', data.message ?? status), 'trouble');
    } else {
      trouble = 'line';
      const why = status ? text('the server does not answer') : text('no connection');
      said.status(text('Not saved yet: {0}; it is tried again.', why), 'trouble');
      timer = setTimeout(retry, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
    }
  }

  function succeed({ version: own, rivals, elsewhere }, taken) {
    [id, known, saved, tries] = [own.id, own.revision, taken, 0];
    trouble = '';
    // An empty form was asked for; from now on the address is that of this report.
    if (location.search === '?draft=new') history.replaceState(history.state, '', own.url);
    said.saved(own);
    said.rivals(rivals);
    said.elsewhere(elsewhere);
    if (dirty()) schedule();
  }

  function ask(data) {
    trouble = 'login';
    said.signIn(data.type === 'OtherWriter' ? data.message : '');
    timer = setTimeout(retry, PAUSES.at(-1));
  }

  function retry() {
    clearTimeout(timer);
    if (!stopped && !document.hidden && (trouble === 'line' || trouble === 'login')) save();
  }

  // With a version of its own again, after the one that it went on with was sent or thrown away elsewhere.
  function startAnew() {
    page = pageId();
    [id, known, last, trouble] = [page, 0, 0, ''];
    return save({ asked: true });
  }

  async function choose() {
    await save();
    const answer = await postJson(draft.chooseUrl, { draft: id });
    if (answer.status !== 200) return settle(answer, saved);
    said.chosen();
  }

  // To an empty form, once this one is safe.
  async function another() {
    await flight;
    await save();
    if (trouble) return;
    stopped = true;
    const answer = await postJson(draft.anotherUrl, {});
    if (answer.status === 200) return location.assign(answer.data.next);
    stopped = false;
    settle(answer, saved);
  }

  async function discard() {
    stopped = true;
    clearTimeout(timer);
    const answer = await postJson(draft.discardUrl, { draft: id });
    if (answer.status === 200) return location.assign(answer.data.next);
    stopped = false;
    settle(answer, saved);
  }

  // To another version, once this one is safe.
  async function goTo(url) {
    await save();
    if (trouble) return;
    stopped = true;
    location.assign(url);
  }
}

// Fields that the writer had typed over, and whose value in the case has changed since: [name, value now].
function changedSince({ values, before: then }, now) {
  const names = Object.keys(values).filter((name) => !same(then[name], now[name]) && !same(values[name], now[name]));
  return names.map((name) => [name, now[name]]);
}

// Whether two values of a field say the same: nothing, an empty text and an empty list are no answer, all three.
function same(one, other) {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function plain(value) {
  return value === undefined || value === '' || (Array.isArray(value) && !value.length) ? null : value;
}
