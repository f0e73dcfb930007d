// What the server found, at the elements it found it at.

import { element } from './page.js';

const KIND = 'server-finding';
const MARKS = ['has-error', 'has-advice'];

// Replaces the marks that stand on the diagram of `modeler`.
export function markFindings(modeler, findings) {
  const canvas = modeler.get('canvas');
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  overlays.remove({ type: KIND });
  registry.forEach(({ id }) => MARKS.forEach((mark) => canvas.removeMarker(id, mark)));
  for (const [id, found] of grouped(findings)) {
    if (!registry.get(id)) continue;
    const isError = found.some(({ severity }) => severity === 'error');
    const said = found.map(({ message, hint }) => [message, hint].filter(Boolean).join(' ')).join('\n');
    const html = element('span', { className: `badge badge-${isError ? 'incident' : 'advice'}`, title: said }, '!');
    canvas.addMarker(id, isError ? 'has-error' : 'has-advice');
    overlays.add(id, KIND, { position: { top: -12, left: -12 }, html });
  }
}

function grouped(findings) {
  const groups = new Map();
  for (const finding of findings) groups.set(finding.element_id, [...(groups.get(finding.element_id) ?? []), finding]);
  return groups;
}
