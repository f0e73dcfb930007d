// A process instance on its diagram, to look at: bpmn-js' NavigatedViewer in #diagram.
//
// page-data: { xml, name, tokens: { elementId: count }, visited: [elementId], flows: [flowId], incidents: [elementId] }
// A click on an element sends `element-selected` from #diagram, with { id, name, type } in its detail.

import './diagram.css';

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer.js';

import { drawState } from './lib/instance-state.js';
import { element, pageData } from './lib/page.js';
import { showProblem } from './lib/problems.js';
import { followFinger, showReadably } from './lib/readable-view.js';
import { texts } from './lib/text.js';
import { translation } from './lib/translation.js';
import { zoomButtons } from './lib/zoom-buttons.js';
import dictionary from './texts/desks.js';

const text = texts(dictionary);
const page = pageData();
const place = document.getElementById('diagram');
const canvasPlace = element('div', { className: 'diagram-canvas' });
place.append(canvasPlace);

const viewer = new NavigatedViewer({ container: canvasPlace, additionalModules: [translation(dictionary)] });
try {
  await viewer.importXML(page.xml);
  const canvas = viewer.get('canvas');
  const svg = canvasPlace.querySelector('svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', page.name ? text('Diagram of {0}', page.name) : text('Diagram'));
  place.prepend(zoomButtons(canvas));
  showReadably(viewer, page.tokens);
  followFinger(canvasPlace, canvas);
  drawState(viewer, page);
  viewer.get('eventBus').on('element.click', ({ element: { id, type, businessObject } }) => {
    const detail = { id, name: businessObject?.name ?? null, type };
    place.dispatchEvent(new CustomEvent('element-selected', { detail, bubbles: true }));
  });
} catch (error) {
  showProblem(place, { title: text('The diagram cannot be shown'), items: [{ text: error.message }] });
}
document.dispatchEvent(new CustomEvent('diagram-ready'));
