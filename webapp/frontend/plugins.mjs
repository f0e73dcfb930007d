// esbuild plugins: texts that packages write into their code become translatable, old font formats stay out, and bpmnlint's
// recommended rules can be imported.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

// Packages that offer no way to translate, and the dictionaries (src/texts/<name>.js, English -> Indonesian) of the
// texts in them. Every text of a dictionary must be found, so that a new release cannot bring English back unseen.
const PACKAGES = {
  'form-js-viewer': /form-js-viewer[\\/]dist[\\/]index\.es\.js$/,
  'form-js-editor': /form-js-editor[\\/]dist[\\/]index\.es\.js$/,
  'panel-frame': /@bpmn-io[\\/]properties-panel[\\/]dist[\\/]index\.esm\.js$/,
};

const FRAME = [
  ["`List contains {numOfItems} item${items.length != 1 ? 's' : ''}`", "__text('List contains {numOfItems} items')"],
  [
    "`Click to ${active ? 'remove' : 'set a'} dynamic value with FEEL expression`",
    "active ? __text('Remove the FEEL expression') : __text('Use a FEEL expression')",
  ],
];

// Code that builds a sentence, takes the browser's language instead of the document's, or parses what analysts write as HTML:
// [as it is, as it shall be].
const PATCHES = {
  'form-js-editor': FRAME,
  'panel-frame': FRAME,
  'form-js-viewer': [
    [
      "'Value is expected to ' + (decimalDigits === 0 ? 'be an integer' : " +
        "`have at most ${decimalDigits} decimal digit${decimalDigits > 1 ? 's' : ''}`) + '.'",
      "decimalDigits === 0 ? __text('Value must be an integer.') : __text('At most {0} decimals.', decimalDigits)",
    ],
    ['DOMPurify.sanitize(html, ', 'DOMPurify.sanitize(__quiet(html), '],
    ['<html><body><div>${html}`', '<html><body><div>${__quiet(html)}`'],
    ["getLocaleDateFormat(locale = 'default')", 'getLocaleDateFormat(locale = __locale)'],
    ["format = format.replace('d', 'dd');\n  }\n  return format;", "format = format.replace('d', 'dd');\n  }\n  return __text(format);"],
  ],
};

export function translatedPackages(texts) {
  return {
    name: 'translated-packages',
    setup(build) {
      for (const [name, filter] of Object.entries(PACKAGES)) {
        build.onLoad({ filter }, async ({ path: file }) => {
          const { default: dictionary } = await import(path.join(texts, `${name}.js`));
          const patched = patch(await readFile(file, 'utf8'), PATCHES[name] ?? []);
          const { source, missing } = translatable(patched.source, Object.keys(dictionary));
          missing.push(...patched.missing);
          const lib = JSON.stringify(path.join(texts, '..', 'lib', 'text.js'));
          const quiet = JSON.stringify(path.join(texts, '..', 'lib', 'quiet-html.js'));
          const own = JSON.stringify(path.join(texts, `${name}.js`));
          const contents =
            `import { locale as __locale, texts as __texts } from ${lib}; import __dictionary from ${own};\n` +
            `import { quiet as __quiet } from ${quiet};\n` +
            `const __text = __texts(__dictionary);\n${source}`;
          return { contents, loader: 'js', errors: missing.map((text) => ({ text: `not in ${file}: ${text}` })) };
        });
      }
    },
  };
}

// Texts that a patch above looks up without naming them.
const ASKED = new Set(['dd/mm/yyyy']);

function patch(source, patches) {
  const missing = patches.map(([before]) => before).filter((before) => !source.includes(before));
  for (const [before, after] of patches) source = source.replaceAll(before, () => after);
  return { source, missing };
}

// Replaces every string literal that is one of the texts by a call: 'Add new' -> __text("Add new"), and
// `Field must match pattern ${pattern}.` -> __text("Field must match pattern {0}.", pattern).
export function translatable(source, texts) {
  const missing = [];
  for (const text of texts) {
    if (source.includes(`__text('${text}'`) || ASKED.has(text)) continue;
    const before = source;
    source = text.includes('{0}') ? replaceTemplate(source, text) : replaceLiteral(source, text);
    if (source === before) missing.push(text);
  }
  return { source, missing };
}

function replaceLiteral(source, text) {
  const escaped = escape(text);
  const literal = new RegExp(`(?<!__text\\()(?:"${escaped}"|'${escaped.replaceAll("'", "\\\\'")}')`, 'g');
  return source.replace(literal, (found, at) => {
    const isKey = /[{,]\s*$/.test(source.slice(at - 40, at)) && /^\s*:/.test(source.slice(at + found.length, at + found.length + 9));
    return isKey ? found : `__text(${JSON.stringify(text)})`;
  });
}

function replaceTemplate(source, text) {
  const parts = text.split(/\{\d\}/).map(escape);
  const template = new RegExp('`' + parts.join('\\$\\{([^{}]+)\\}') + '`', 'g');
  return source.replace(template, (_, ...found) => {
    const values = found.slice(0, parts.length - 1);
    return `__text(${JSON.stringify(text)}, ${values.join(', ')})`;
  });
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

// Every browser we support reads WOFF2; the other formats in the packages' @font-face rules are left out.
export function webFontsOnly() {
  return {
    name: 'web-fonts-only',
    setup(build) {
      build.onLoad({ filter: /font[\\/]css[\\/][\w-]+\.css$/ }, async ({ path: file }) => {
        const css = await readFile(file, 'utf8');
        const contents = css.replace(/@font-face\s*\{[^}]*\}/g, (rule) => {
          const woff2 = rule.match(/url\(['"]?[^'")]+\.woff2[^'")]*['"]?\)\s*format\(['"]woff2['"]\)/);
          if (!woff2) return rule;
          return rule.replace(/\s*src:[^;]*;/g, '').replace(/\}$/, `  src: ${woff2[0]};\n}`);
        });
        return { contents, loader: 'css' };
      });
    },
  };
}

// `import rules from 'bpmnlint:recommended'`: the recommended configuration with its rules, as bpmn-js-bpmnlint takes it.
export function lintRules() {
  return {
    name: 'lint-rules',
    setup(build) {
      build.onResolve({ filter: /^bpmnlint:recommended$/ }, ({ path: name }) => ({ path: name, namespace: 'bpmnlint' }));
      build.onLoad({ filter: /.*/, namespace: 'bpmnlint' }, () => {
        const { rules } = require('bpmnlint/config/recommended.js');
        const names = Object.keys(rules);
        const imports = names.map((name, index) => `import rule${index} from 'bpmnlint/rules/${name}.js';`);
        const cache = names.map((name, index) => `'rule:bpmnlint/${name}': rule${index}`);
        const contents = [
          "import Resolver from 'bpmnlint/lib/resolver/static-resolver.js';",
          ...imports,
          `const config = { rules: ${JSON.stringify(rules)} };`,
          `export default { config, resolver: new Resolver({ ${cache.join(', ')} }) };`,
        ];
        return { contents: contents.join('\n'), loader: 'js', resolveDir: path.dirname(new URL(import.meta.url).pathname) };
      });
    },
  };
}
