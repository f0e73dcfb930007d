// The button that deploys what an editor holds.

import { settled } from './files.js';
import { postJson } from './page.js';
import { clearProblem, explain, showProblem } from './problems.js';
import { texts } from './text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);

// On a click: POST { resources: await resources() } to `url`. Answers: 200 { message, findings }; 400 { message, findings }.
// `show(findings)` gets the findings in both cases, `done()` is called after a success. `place`: where boxes go.
export function deployBy(button, { url, place, resources, show, done }) {
  button?.addEventListener('click', async () => {
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    clearProblem(place);
    const answer = await post(url, resources);
    button.disabled = false;
    button.setAttribute('aria-busy', 'false');
    show(answer.data.findings ?? []);
    if (answer.status === 200) {
      showProblem(place, { title: answer.data.message ?? text('Deployed'), kind: 'success' });
      done();
    } else {
      showProblem(place, { title: text('Not deployed'), items: [{ text: explain(answer) }] });
    }
  });
}

async function post(url, resources) {
  try {
    await settled();
    return await postJson(url, { resources: await resources() });
  } catch (error) {
    return { status: 400, data: { message: error.message } };
  }
}
