// Buttons that zoom a diagram, for whoever has no wheel.

import { element } from './page.js';
import { texts } from './text.js';
import dictionary from '../texts/desks.js';

const text = texts(dictionary);

// `canvas` of a diagram-js viewer -> a toolbar.
export function zoomButtons(canvas) {
  const step = (factor) => () => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), 'auto');
  const buttons = [
    button('+', text('Zoom in'), step(1.25)),
    button('−', text('Zoom out'), step(0.8)),
    button('⤢', text('Fit the whole diagram'), () => canvas.zoom('fit-viewport', 'auto')),
  ];
  const toolbar = element('div', { className: 'zoom-buttons' }, ...buttons);
  toolbar.setAttribute('role', 'toolbar');
  toolbar.setAttribute('aria-label', text('Zoom'));
  return toolbar;
}

function button(sign, name, press) {
  const made = element('button', { type: 'button', className: 'secondary', title: name }, sign);
  made.setAttribute('aria-label', name);
  made.addEventListener('click', press);
  return made;
}
