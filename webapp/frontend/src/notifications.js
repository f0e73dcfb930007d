// Being told on this device: asks the browser, and tells the server where it can be reached.
//
//   data-push="..." data-push-key="..."  where the subscription goes, and the server's key
//   data-push-on                         the button; hidden where the browser cannot do it
//   data-push-unable                     says that it cannot
//   data-push-problem                    where it is said what went wrong

import './notifications.css';

import { postJson } from './lib/page.js';
import { fromBase64Url } from './lib/passkeys.js';
import { texts } from './lib/text.js';
import own from './texts/desks.js';

const text = texts(own);
const WORKER = '/sw.js';

async function subscribe(key) {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new Error(text('The browser does not let Titian tell you. Allow notifications in its settings, then try again.'));
  }
  await navigator.serviceWorker.register(WORKER);
  const worker = await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  if (before) return before;
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64Url(key) });
}

async function turnOn(place) {
  const problem = place.querySelector('[data-push-problem]');
  const button = place.querySelector('[data-push-on]');
  problem.hidden = true;
  button.disabled = true;
  try {
    const subscription = await subscribe(place.dataset.pushKey);
    const { status, data } = await postJson(place.dataset.push, subscription.toJSON());
    if (data.next) {
      window.location.assign(data.next);
      return;
    }
    throw new Error(status === 400 ? data.message : text('Nothing was sent. Check the connection, then try again.'));
  } catch (error) {
    problem.textContent =
      error instanceof DOMException
        ? text('The browser could not reach its push service. Check the connection, then try again.')
        : error.message;
    problem.hidden = false;
    button.disabled = false;
  }
}

const possible = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
for (const place of document.querySelectorAll('[data-push]')) {
  place.querySelector('[data-push-on]').hidden = !possible;
  place.querySelector('[data-push-unable]').hidden = possible;
  place.querySelector('[data-push-on]').addEventListener('click', () => turnOn(place));
}
