// Bundles every page of src/ into ../static/dist: one script and one stylesheet a page, with a hash in the name,
// a manifest from plain to hashed names, and compressed copies (.br, .gz) of what compresses.
//
// node build.mjs            build
// node build.mjs --sizes    build, and print what a browser fetches for each page

import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';

import { lintRules, translatedPackages, webFontsOnly } from './plugins.mjs';
import { strictStyles } from './strict-styles.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '..', 'static', 'dist');
const pages = ['app', 'form', 'diagram', 'modeler', 'decision', 'form-editor', 'sign-in', 'notifications', 'sw'];

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: pages.map((page) => `src/${page}.js`),
  outdir: out,
  bundle: true,
  format: 'esm',
  target: ['chrome100', 'firefox100', 'safari15.4'],
  minify: true,
  metafile: true,
  write: false,
  charset: 'utf8',
  legalComments: 'none',
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.woff2': 'file', '.svg': 'dataurl', '.png': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [translatedPackages(path.join(here, 'src', 'texts')), webFontsOnly(), lintRules(), strictStyles()],
  logLevel: 'warning',
});

// Written beside the old bundles and put in their place at the end: a server may be sending those meanwhile.
const fresh = `${out}.new`;
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
for (const file of result.outputFiles) {
  const target = path.join(fresh, path.basename(file.path));
  await writeFile(target, file.contents);
  if (/\.(js|css)$/.test(target)) {
    await writeFile(`${target}.gz`, gzipSync(file.contents, { level: 9 }));
    await writeFile(`${target}.br`, brotliCompressSync(file.contents, brotliOptions(file.contents)));
  }
}
await writeFile(path.join(fresh, 'manifest.json'), `${JSON.stringify(manifest(result.metafile), null, 2)}\n`);
await writeFile(path.join(fresh, 'LICENSES.txt'), await licences(result.metafile));
await rm(out, { recursive: true, force: true });
await rename(fresh, out);
if (process.argv.includes('--sizes')) await printSizes();

function brotliOptions(contents) {
  return { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length } };
}

// {'form.js': 'form-ABC.js', 'form.css': 'form-DEF.css', ...}
function manifest(metafile) {
  const names = {};
  for (const output of Object.keys(metafile.outputs).sort()) {
    const file = path.basename(output);
    names[file.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, '')] = file;
  }
  return names;
}

// The licence texts of everything that went into the bundles.
async function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
    if (found) packages.add(found[1]);
  }
  const texts = [];
  for (const folder of [...packages].sort()) {
    const about = JSON.parse(await readFile(path.join(here, folder, 'package.json'), 'utf8'));
    const name = (await readdir(path.join(here, folder))).find((file) => /^licen[cs]e/i.test(file));
    const text = name ? await readFile(path.join(here, folder, name), 'utf8') : '';
    texts.push(`${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(100)}\n\n`);
}

async function printSizes() {
  for (const file of (await readdir(out)).sort()) {
    if (!/\.(js|css|woff2)$/.test(file)) continue;
    const sizes = [file, `${file}.gz`, `${file}.br`].map(async (name) => {
      const contents = await readFile(path.join(out, name)).catch(() => null);
      return contents ? `${(contents.length / 1024).toFixed(0)} kB`.padStart(8) : ''.padStart(8);
    });
    console.log(file.padEnd(32), ...(await Promise.all(sizes)));
  }
}
