// The bell in the header asks now and then how much is unread, while somebody looks at the page: the server answers
// 204 where the number is the same. Whatever goes wrong, the bell stays as it is, and is asked again.

const EVERY = 60_000;

async function ask() {
  const bell = document.getElementById('bell');
  if (!bell || document.visibilityState !== 'visible') return;
  const address = new URL(bell.dataset.bell, window.location.href);
  address.searchParams.set('seen', bell.dataset.seen);
  try {
    const headers = { 'HX-Request': 'true' }; // signed out, the answer is 401 and not the page to sign in on
    const answer = await fetch(address, { credentials: 'same-origin', headers });
    if (answer.status !== 200) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('bell');
    if (!fresh) return;
    const focused = document.activeElement === bell;
    bell.replaceWith(fresh);
    if (focused) fresh.focus();
  } catch {
    // away, or signed out: the next page says so
  }
}

export function listenToBell() {
  setInterval(ask, EVERY);
  document.addEventListener('visibilitychange', ask);
}
