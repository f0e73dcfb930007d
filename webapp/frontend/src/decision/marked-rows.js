// Marks on rows of the table that dmn-js shows. They stay with their rows when others come or go.

const CLASSES = ['rule-fired', 'rule-conflicting'];

// markedRows(place) -> { mark(ids, className), goTo(id) }; `place`: where dmn-js draws.
export function markedRows(place) {
  let marked = new Map();

  function draw() {
    for (const cell of place.querySelectorAll('td.rule-index[data-row-id]')) {
      const wanted = marked.get(cell.dataset.rowId);
      for (const name of CLASSES) cell.parentElement.classList.toggle(name, name === wanted);
    }
  }
  new MutationObserver(draw).observe(place, { childList: true, subtree: true });

  return {
    // Marks these rows, by their ids, in place of those before.
    mark(ids, className = CLASSES[0]) {
      marked = new Map(ids.map((id) => [id, className]));
      draw();
    },
    goTo(id) {
      const cell = place.querySelector(`td.rule-index[data-row-id="${CSS.escape(id)}"]`);
      cell?.scrollIntoView({ block: 'center', inline: 'nearest' });
    },
  };
}
