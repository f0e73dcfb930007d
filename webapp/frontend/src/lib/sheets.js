// Pages of a PDF as pictures: one that does not come is asked for once more, since the server draws few at a time;
// then words and a button stand in its place.
//
//   data-sheet           around a page: its picture, and
//   data-sheet-missing   what is said where the picture is missing, with the button that asks for it again

const PAUSE = 3000; // milliseconds

export function watchSheets(root) {
  for (const sheet of root.querySelectorAll('[data-sheet]')) watch(sheet);
}

function watch(sheet) {
  const picture = sheet.querySelector('img');
  const missing = sheet.querySelector('[data-sheet-missing]');
  let again = true; // once, by itself
  const ask = () => picture.setAttribute('src', picture.getAttribute('src'));
  const show = (isThere) => {
    picture.parentElement.hidden = !isThere;
    missing.hidden = isThere;
  };
  const fail = () => {
    if (again) setTimeout(ask, PAUSE);
    else show(false);
    again = false;
  };
  picture.addEventListener('error', fail);
  picture.addEventListener('load', () => show(true));
  missing.querySelector('button').addEventListener('click', () => {
    show(true);
    ask();
    picture.parentElement.focus();
  });
  if (picture.complete && !picture.naturalWidth) fail(); // before this script was there
}
