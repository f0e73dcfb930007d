// The list of tasks stays true while the page is open: asked for again once a minute, changed only where it has, and
// never under the hands of somebody who chooses or types in it.

import { show } from './chosen.js';

const EVERY = 60_000;
let tag = '';

export function keepFresh(root) {
  if (!root.getElementById('list')?.dataset.list) return;
  showPlace(root);
  setInterval(() => refresh(root), EVERY);
}

async function refresh(root) {
  const list = root.getElementById('list');
  if (root.hidden || isWorkedIn(list)) return;
  let response;
  try {
    response = await fetch(list.dataset.list, { headers: tag ? { 'If-None-Match': tag } : {}, redirect: 'error' });
  } catch {
    return; // no connection, or the login has ended: the list stays as it was
  }
  if (response.status !== 200) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.getElementById('list');
  if (!fresh || isWorkedIn(list)) return;
  tag = response.headers.get('ETag') ?? '';
  replace(list, fresh);
  show(root);
}

function isWorkedIn(list) {
  const used = document.activeElement;
  const types = list.contains(used) && used.matches('input, select, summary');
  return types || list.querySelector('[data-choose]:checked, details.save-filter[open]') !== null;
}

function replace(list, fresh) {
  const used = list.contains(document.activeElement) ? document.activeElement : null;
  const id = used?.closest('[data-row]')?.querySelector('.card')?.id;
  const address = used?.getAttribute('href');
  const scrolled = list.scrollTop;
  for (const open of list.querySelectorAll('details[open]')) fresh.querySelector(`.${open.className}`).open = true;
  list.replaceWith(fresh);
  fresh.scrollTop = scrolled;
  const same = id && document.getElementById(id)?.closest('[data-row]').querySelector(used.localName);
  const elsewhere = address && [...fresh.querySelectorAll('a')].find((each) => each.getAttribute('href') === address);
  if (used) (same || elsewhere || fresh.querySelector('a')).focus({ preventScroll: true });
}

// Beside a task, the list shows where it stands. (Whoever comes back to the list is led there by the address.)
function showPlace(root) {
  const list = root.getElementById('list');
  const current = list.querySelector('.card[aria-current="true"]');
  if (!current || list.scrollHeight <= list.clientHeight) return;
  const below = current.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
  if (below > 0) list.scrollTop += below + list.clientHeight / 3;
}
