// What a form says of its draft: a quiet line at the buttons (#draft-status), and boxes above the form (#draft-notes)
// where its writer should know or choose something. No box takes the focus: people are typing.

import { element } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/pages.js';

const text = texts(dictionary);
const UNTIL_CHOSEN = 'Both are kept until you choose. The other one can be seen until the task ends.';
const SAME_OR_NOT =
  'Both are kept. If they are about two children, say so: each is a report of its own then. If it is the same report, go on with one of them and throw the other away.';

// `act`: { choose, discard, goTo, startAnew, another }, what the buttons do.
export function notes(draft, act) {
  const place = document.getElementById('draft-notes');
  const ofStart = Boolean(draft.anotherUrl); // each version may be a report of its own
  const line = document.getElementById('draft-status');
  const discard = document.getElementById('draft-discard');
  askTwice(discard, text('Throw away everything you typed here?'), act.discard);
  const left = draft.aside?.filter((version) => version.case) ?? [];
  const aside = draft.aside?.filter((version) => !version.case) ?? [];
  if (left.length) place.append(leftBehind(left, act));
  if (aside.length) place.append(setAside(aside, act, ofStart));
  if (draft.version?.case) unsent(draft.version, element('a', { href: draft.pageUrl }, text('To the form for a new case')));
  else if (draft.version?.setAside && !ofStart) box('viewed', text('This version was set aside'), ...viewed(draft, act));
  let current = '';
  if (draft.version) rivals(draft.rivals);
  return { continued, saved, status, rivals, elsewhere, chosen, signIn, closed, gone };

  function continued(version, changes) {
    discard.hidden = false;
    if (version.case && !changes.length) return; // its own box says more
    const lead = element('p', {}, whose(version));
    const note = element('div', { className: 'notice draft-notice', id: 'draft-continued' }, lead);
    if (changes.length) {
      lead.append(' ', text('Since then these answers have changed in the case; your draft keeps what you typed:'));
      const items = changes.map(({ label, value }) =>
        element('li', {}, `${label}: `, element('strong', {}, value || text('empty'))),
      );
      note.append(element('ul', {}, ...items));
    }
    if (ofStart && !version.case) note.append(begin(act));
    place.prepend(note);
  }

  function whose({ givenBy, moment }) {
    if (givenBy) return text('You go on with what {0} typed here, from {1}. It is yours now.', givenBy, moment);
    if (ofStart) return text('You go on with a report that you have begun and not sent. Saved {0}.', moment);
    return text('You go on with your draft from {0}.', moment);
  }

  function saved(version) {
    discard.hidden = false;
    for (const kind of ['sign-in', 'closed']) remove(kind);
    current = text('Draft saved {0}', version.time);
    if (version.case && !place.querySelector('[data-box="viewed"]')) unsent(version);
    status(current);
  }

  // A case was opened with another version of this one: whether this is about the same child, its writer knows.
  function unsent({ device, moment, case: number }, ...more) {
    const use = element('button', { type: 'button', className: 'secondary' }, text('Use it for another case'));
    use.addEventListener('click', () => act.choose());
    const away = element('button', { type: 'button', className: 'quiet' }, text('Throw it away'));
    const words = text('If it is about another child, use it for another case. If it is not, throw it away.');
    const said = [element('p', {}, `${device}, ${moment}. `, ...more), element('p', {}, words)];
    const choice = element('div', { className: 'draft-choice' }, use, away);
    box('viewed', text('This was not sent with the case {0}', number), ...said, choice);
    askTwice(away, text('Throw away everything you typed here?'), act.discard);
  }

  // The same words are not said twice: a screen reader hears them when the minute changes. Where a box above the
  // form waits for an answer, the line leads there.
  function status(words, kind = '') {
    line.classList.toggle('draft-trouble', kind === 'trouble');
    const open = place.querySelector('[data-box]');
    const key = `${words} ${open?.dataset.box ?? ''}`;
    if (line.dataset.key === key) return;
    line.dataset.key = key;
    const two = open?.dataset.box === 'rivals' ? `. ${text('There are two versions of it:')}` : '';
    const link = open && element('a', { href: '#draft-notes' }, text(two ? 'choose above' : 'See above'));
    line.replaceChildren(words + two, ...(link ? [' ', link] : []));
  }

  function rivals(others) {
    if (!others.length) return remove('rivals');
    const known = place.querySelector('[data-box="rivals"]');
    const key = others.map(({ id, revision }) => `${id}.${revision}`).join();
    if (known?.dataset.key === key) return;
    const label = ofStart ? text('They are two reports') : text('Use this one');
    const use = element('button', { type: 'button', className: 'secondary' }, label);
    use.addEventListener('click', () => act.choose());
    const list = others.map((other) =>
      element('li', {}, `${other.device}, ${other.moment}. `, linkTo(other, text('See that one'), act)),
    );
    const made = box(
      'rivals',
      ofStart ? text('This form is also being filled in elsewhere') : text('This draft was also changed on another device'),
      element('ul', {}, ...list),
      element('p', {}, ofStart ? text(SAME_OR_NOT) : text(UNTIL_CHOSEN)),
      use,
    );
    made.dataset.key = key;
    status(current);
  }

  // The task is not the writer's any more; what is typed goes on being kept.
  function elsewhere(words) {
    const known = place.querySelector('[data-box="elsewhere"] h2')?.textContent;
    if ((words || undefined) === known) return;
    remove('elsewhere');
    if (words) {
      const link = element('a', { href: draft.pageUrl }, text('See how it stands, and your draft'));
      box('elsewhere', words, element('p', {}, text('What you type here is kept for you alone.')), element('p', {}, link));
    }
    status(current);
  }

  function chosen() {
    for (const kind of ['rivals', 'viewed']) remove(kind);
    status(ofStart ? text('This is a report of its own from now on.') : text('This version is used from now on.'));
  }

  function signIn(message) {
    box('sign-in', ...signInAgain(draft.loginUrl, message));
    status(text('Not saved yet: you are not signed in.'), 'trouble');
  }

  function closed() {
    const anew = element('button', { type: 'button', className: 'secondary' }, text('Save it as a new draft'));
    anew.addEventListener('click', () => act.startAnew());
    const words = text('It was sent, given to a colleague or thrown away. What you typed is still here.');
    box('closed', text('This draft is closed'), element('p', {}, words), anew);
    status(text('Not saved: the draft is closed.'), 'trouble');
  }

  function gone(message) {
    const link = element('a', { href: draft.pageUrl }, text('See how it stands, and your draft'));
    const words = text('What you typed last is still on this page; copy it if you need it.');
    box('gone', message ?? text('This cannot be filled in any more'), element('p', {}, words), element('p', {}, link));
    status(text('Nothing more is saved here.'), 'trouble');
  }

  // A box of a kind; the one before goes.
  function box(kind, title, ...children) {
    remove(kind);
    const made = draftBox(kind, title, ...children);
    place.append(made);
    return made;
  }

  function remove(kind) {
    place.querySelector(`[data-box="${kind}"]`)?.remove();
  }
}

// A box that says something of what is being typed.
export function draftBox(kind, title, ...children) {
  const made = element('section', { className: 'summary draft-box' }, element('h2', {}, title), ...children);
  made.dataset.box = kind;
  made.setAttribute('role', 'status');
  return made;
}

// Title and content of the box that asks to sign in beside this page.
export function signInAgain(loginUrl, message) {
  const link = element('a', { href: loginUrl, target: '_blank', rel: 'opener' }, text('Sign in again (new tab)'));
  link.setAttribute('role', 'button');
  const words = text('What you typed is still on this page. Sign in again, then come back here: it is saved by itself.');
  return [text('Your session has ended'), element('p', {}, message || words), link];
}

function viewed(draft, act) {
  const use = element('button', { type: 'button', className: 'secondary' }, text('Use this one'));
  use.addEventListener('click', () => act.choose());
  const back = element('a', { href: draft.pageUrl }, text('Back to the version in use'));
  const { device, moment } = draft.version;
  return [element('p', {}, `${device}, ${moment}. `, back), use];
}

// What stood on other pages when a case was opened. It is filled in only where its writer asks for it.
function leftBehind(versions, act) {
  const items = versions.map((version) =>
    element('li', {}, `${version.device}, ${version.moment} (${version.case}). `, linkTo(version, text('See it'), act)),
  );
  const words = text(
    'It stood on another page or device when you opened the case. It is not filled in here: it may be about that child or another one.',
  );
  const title = element('h2', {}, text('Typed elsewhere, and not sent'));
  return element('section', { className: 'summary draft-box' }, title, element('p', {}, words), element('ul', {}, ...items));
}

function linkTo(version, words, act) {
  const link = element('a', { href: version.url }, words);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    act.goTo(version.url);
  });
  return link;
}

function begin(act) {
  const button = element('button', { type: 'button', className: 'secondary' }, text('Begin another report'));
  button.addEventListener('click', () => act.another());
  return button;
}

function setAside(versions, act, ofStart) {
  const items = versions.map((version) =>
    element('li', {}, linkTo(version, `${version.moment} (${version.device})`, act)),
  );
  const words = ofStart ? 'Other reports not sent yet ({0})' : 'Other versions of this draft ({0})';
  const summary = element('summary', {}, text(words, versions.length));
  return element('details', { className: 'draft-aside' }, summary, element('ul', {}, ...items));
}

// Before something is lost for good, the button asks once more in its own place.
function askTwice(button, question, act) {
  button.addEventListener('click', () => {
    const yes = element('button', { type: 'button', className: 'secondary' }, text('Yes, throw it away'));
    const no = element('button', { type: 'button', className: 'quiet' }, text('No'));
    const asked = element('div', { className: 'draft-asked' }, element('p', {}, question), yes, no);
    const leave = () => {
      asked.remove();
      button.hidden = false;
    };
    yes.addEventListener('click', () => { leave(); act(); });
    no.addEventListener('click', () => { leave(); button.focus(); });
    button.hidden = true;
    button.after(asked);
    no.focus();
  });
}
