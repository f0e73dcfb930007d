// How a diagram is first seen: whole where that can be read, else close to where the case is.

const READABLE = 0.5;
const CLOSE = 0.75;
const MARGIN = 64; // room for the buttons that lie on top

// `tokens`: { elementId: count } of the instance. `margin`: how much beside the diagram may be seen, in its units.
export function showReadably(viewer, tokens = {}, margin = MARGIN) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= READABLE) return;
  const registry = viewer.get('elementRegistry');
  const here = Object.keys(tokens).find((id) => registry.get(id)) ?? firstOf(registry);
  if (!here) return;
  canvas.zoom(CLOSE);
  const box = canvas.viewbox();
  const { x, y, width, height } = registry.get(here);
  canvas.viewbox({
    ...box,
    x: within(x + width / 2 - box.width / 2, box.inner.x, box.inner.width - box.width, margin),
    y: within(y + height / 2 - box.height / 2, box.inner.y, box.inner.height - box.height, MARGIN),
  });
}

// `wanted`, but not so far that more than a margin beside the diagram is seen: it begins at `first` and has `room` to move.
function within(wanted, first, room, margin) {
  return Math.min(Math.max(wanted, first - margin), Math.max(first + room + margin, first - margin));
}

function firstOf(registry) {
  return registry.filter(({ type }) => type === 'bpmn:StartEvent')[0]?.id;
}

// diagram-js moves a diagram with the mouse only. A finger moves it sideways; up and down it moves the page, so that nobody
// is caught in the diagram (`touch-action: pan-y` in the stylesheet).
export function followFinger(place, canvas) {
  let last = null;
  place.addEventListener('pointerdown', ({ pointerType, clientX }) => {
    last = pointerType === 'touch' ? clientX : null;
  });
  place.addEventListener('pointermove', ({ pointerType, clientX }) => {
    if (pointerType !== 'touch' || last === null) return;
    canvas.scroll({ dx: clientX - last, dy: 0 });
    last = clientX;
  });
  for (const end of ['pointerup', 'pointercancel']) place.addEventListener(end, () => (last = null));
}
