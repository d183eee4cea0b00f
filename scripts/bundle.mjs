/**
 * Bundles what runs in a browser: each src/web/browser/<page>/main.ts becomes dist/web/<page>.js,
 * one classic script without imports and without eval, and main.css beside it dist/web/<page>.css.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src', 'web', 'browser');
const pages = existsSync(folder)
  ? readdirSync(folder).filter((page) => existsSync(join(folder, page, 'main.ts')))
  : [];

/**
 * A page's policy forbids code that is made at run time, as the compiled chart makes it: pages get
 * the chart itself.
 */
const withoutMadeCode = {
  name: 'without made code',
  setup(esbuild) {
    const chart = join(folder, 'playground', 'engine.ts');
    esbuild.onResolve({ filter: /\/machines\/fast\.ts$/ }, () => ({ path: chart }));
  },
};

for (const page of pages) {
  for (const [entry, out] of [
    ['main.ts', `${page}.js`],
    ['main.css', `${page}.css`],
  ]) {
    const file = join(folder, page, entry);
    if (!existsSync(file)) continue;
    await build({
      entryPoints: [file],
      outfile: join(root, 'dist', 'web', out),
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      platform: 'browser',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      plugins: [withoutMadeCode],
      legalComments: 'none',
      logLevel: 'warning',
    });
  }
}
