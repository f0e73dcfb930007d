// Ticking several tasks of a list: how many there are, all of the page at once, and a whole range by Shift.
//
//   data-choose       a tick box in a row
//   data-choose-all   the one for all of them
//   data-chosen       the bar with what can be done; data-count in it says with how many

let last = null; // the row that was ticked last

export function countChosen(root) {
  root.addEventListener('change', ({ target }) => {
    if (target.matches('[data-choose-all]')) for (const box of boxes(root)) box.checked = target.checked;
    if (target.matches('[data-choose]')) last = target.closest('[data-row]');
    if (target.matches('[data-choose], [data-choose-all]')) show(root);
  });
  root.addEventListener('click', (event) => {
    if (!event.shiftKey || !event.target.matches('[data-choose]') || !last?.isConnected) return;
    tick(root, event.target.closest('[data-row]'), event.target.checked);
    show(root);
  });
  addEventListener('pageshow', () => show(root)); // a browser keeps the ticks of a page that one comes back to
  show(root);
}

// Tick everything from the row that was ticked last to this one.
export function chooseUpTo(row) {
  tick(document, row, true);
  last = row;
  show(document);
}

export function show(root) {
  const count = boxes(root).filter((box) => box.checked).length;
  for (const bar of root.querySelectorAll('[data-chosen]')) {
    bar.classList.add('counts');
    bar.classList.toggle('some', count > 0);
    for (const place of bar.querySelectorAll('[data-count]')) place.textContent = count ? `(${count})` : '';
    const all = bar.querySelector('[data-choose-all]');
    all.checked = count > 0 && count === boxes(root).length;
    all.indeterminate = count > 0 && !all.checked;
  }
}

function tick(root, row, checked) {
  const rows = [...root.querySelectorAll('[data-row]')];
  const ends = [last?.isConnected ? rows.indexOf(last) : rows.indexOf(row), rows.indexOf(row)].sort((a, b) => a - b);
  for (const each of rows.slice(ends[0], ends[1] + 1)) {
    const box = each.querySelector('[data-choose]');
    if (box) box.checked = checked;
  }
}

function boxes(root) {
  return [...root.querySelectorAll('[data-choose]')];
}
