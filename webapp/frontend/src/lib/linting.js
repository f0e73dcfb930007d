// The server's linter while one edits: it is asked when nothing has changed for a while.

import { postJson } from './page.js';

const LINT_AFTER = 1500; // milliseconds of rest before the server is asked

// lintBy({ url, resources, show }) -> lintSoon(). `resources()`: a promise of what deploying would send; `show(findings)`.
// An answer to what has been changed since is dropped. Without a url nobody is asked.
export function lintBy({ url, resources, show }) {
  let waiting;
  let asked = 0;

  return function lintSoon() {
    clearTimeout(waiting);
    if (!url) return;
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const { status, data } = await postJson(url, { resources: await resources() });
      if (status === 200 && mine === asked) show(data.findings ?? []);
    }, LINT_AFTER);
  };
}
