// esbuild plugin: the libraries' inline styles without the policy's 'unsafe-inline'.
//
// A policy of `style-src 'self'` blocks `style` attributes that a parser reads and `<style>` elements that a script writes, and
// leaves alone what is set through the DOM. So icons get SVG's own attributes instead, other markup is styled by `domify`
// after it is parsed, and CodeMirror's sheets are constructed. Each patch must be found, or the build fails.
// Chromium also complains of itself where text is typed over in an editor: it wants to keep that text's look. Nothing is lost.

import { readFile } from 'node:fs/promises';

const DOMIFY = `
export default function domify(html, document) {
  const made = plain(html, document);
  const inside = made.querySelectorAll ? [...made.querySelectorAll('[data-style]')] : [];
  for (const element of made.dataset?.style ? [made, ...inside] : inside) {
    element.style.cssText = element.dataset.style;
    delete element.dataset.style;
  }
  return made;
}
`;

// [files, what becomes of their source]; a source that stays as it is was not what the patch is for.
const PATCHES = [
  [/[\\/]domify[\\/]index\.js$/, (source) => source.replace('export default function domify(', 'function plain(') + DOMIFY],
  [/[\\/]style-mod[\\/]src[\\/]style-mod\.js$/, (source) => source.replace('!root.head && root.adopted', 'root.adopted')],
  [/[\\/]bpmn-js[\\/].*[\\/](Align|Distribute)ElementsIcons\.js$/, (source) => source.replace(/ style="([^"]*)"/g, attributes)],
  [/[\\/]dmn-js-shared[\\/]lib[\\/]util[\\/]PoweredByUtil\.js$/, late],
  [/[\\/]dmn-js-decision-table[\\/].*[\\/]DragAndDrop\.js$/, late],
  [/[\\/]bpmn-js-properties-panel[\\/]dist[\\/]index\.esm\.js$/, late],
];

// <rect style="fill:none;opacity:.5"> -> <rect fill="none" opacity=".5">
function attributes(_, style) {
  return style.split(';').filter(Boolean).map((rule) => rule.replace(/^\s*([\w-]+)\s*:\s*(.*)$/, ' $1="$2"')).join('');
}

// Markup that `domify` reads; it puts the style in its place.
function late(source) {
  return source.replace(/(<[^<>]*?|['"`])style="/g, '$1data-style="');
}

export function strictStyles() {
  return {
    name: 'strict-styles',
    setup(build) {
      for (const [filter, change] of PATCHES) {
        build.onLoad({ filter }, async ({ path: file }) => {
          const source = await readFile(file, 'utf8');
          const contents = change(source);
          const errors = contents === source ? [{ text: `nothing to patch in ${file}` }] : [];
          return { contents, loader: 'js', errors };
        });
      }
    },
  };
}
