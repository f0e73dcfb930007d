// Passkeys: asks the browser to make one, or to prove with one, and sends its answer. Pages work without it.
//
//   data-passkey-ask="..."  a button that asks for a passkey: where the question comes from; hidden without passkeys
//   data-passkey-add="..."  a form that makes a new one: likewise
//   data-passkey-to="..."   where the answer goes
//   data-passkey-problem    where it is said what went wrong

import './sign-in.css';

import { fromBase64Url, plainCredential } from './lib/passkeys.js';
import { texts } from './lib/text.js';
import own from './texts/desks.js';

const text = texts(own);
const possible = Boolean(window.PublicKeyCredential && navigator.credentials);

async function post(address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'X-CSRFToken': document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (answer.type === 'ProofNeeded') {
    window.location.assign(answer.next);
    return new Promise(() => {}); // the page is about to go
  }
  throw new Error(answer.message || text('Nothing was sent. Check the connection, then try again.'));
}

const described = (list) => (list ?? []).map((each) => ({ ...each, id: fromBase64Url(each.id) }));

async function prove(place) {
  const asked = await post(place.dataset.passkeyAsk, {});
  const publicKey = {
    ...asked,
    challenge: fromBase64Url(asked.challenge),
    allowCredentials: described(asked.allowCredentials),
  };
  const credential = await navigator.credentials.get({ publicKey });
  return post(place.dataset.passkeyTo, { credential: plainCredential(credential) });
}

async function make(place) {
  const asked = await post(place.dataset.passkeyAdd, {});
  const publicKey = {
    ...asked,
    challenge: fromBase64Url(asked.challenge),
    user: { ...asked.user, id: fromBase64Url(asked.user.id) },
    excludeCredentials: described(asked.excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  const label = place.querySelector('[name="label"]').value;
  return post(place.dataset.passkeyTo, { label, credential: plainCredential(credential) });
}

async function run(place, act) {
  const problem = place.querySelector('[data-passkey-problem]');
  const button = place.querySelector('button');
  problem.hidden = true;
  button.disabled = true;
  try {
    window.location.assign((await act(place)).next);
  } catch (error) {
    problem.textContent =
      error instanceof DOMException
        ? text('The passkey was not used: it was cancelled, took too long, or is not for this address.')
        : error.message;
    problem.hidden = false;
    button.disabled = false;
  }
}

for (const place of document.querySelectorAll('[data-passkey-ask]')) {
  place.hidden = !possible;
  place.querySelector('button').addEventListener('click', () => run(place, prove));
}
for (const place of document.querySelectorAll('[data-passkey-add]')) {
  place.hidden = !possible;
  place.addEventListener('submit', (event) => {
    event.preventDefault();
    run(place, make);
  });
}
