// Where the tokens of an instance are, where it has been, and what is stuck: badges and CSS classes on a diagram.

import { element } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);

// `state`: { tokens: { elementId: count }, visited, flows, incidents }. Ids that the diagram does not have are left out:
// the instance may be in a called process, or its diagram may have changed since.
export function drawState(viewer, { tokens = {}, visited = [], flows = [], incidents = [] }) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const known = (id) => viewer.get('elementRegistry').get(id);
  for (const id of [...visited, ...flows].filter(known)) canvas.addMarker(id, 'is-visited');
  for (const [id, count] of Object.entries(tokens).filter(([id]) => known(id))) {
    canvas.addMarker(id, 'is-current');
    const said = count === 1 ? text('One token waits here') : text('{0} tokens wait here', count);
    overlays.add(id, 'token', { position: { bottom: 12, left: -12 }, html: badge('token', String(count), said) });
  }
  for (const id of incidents.filter(known)) {
    canvas.addMarker(id, 'has-incident');
    const html = badge('incident', '!', text('It is stuck here'));
    overlays.add(id, 'incident', { position: { top: -12, right: 12 }, html });
  }
}

function badge(kind, sign, said) {
  const made = element('span', { className: `badge badge-${kind}`, title: said }, sign);
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', said);
  return made;
}
