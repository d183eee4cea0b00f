/**
 * The drift test: the committed pictures are what the chart draws today. When it fails, the chart
 * changed: run `reroute diagram --update-docs` and commit the new pictures with it.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import {
  CHART_FOLDER,
  type CommittedFile,
  committedFiles,
  readmeWithChart,
} from '../../src/diagram/committed.ts';

const AGAIN = 'differs from the chart: run `reroute diagram --update-docs`';

describe('committed pictures', function () {
  this.timeout(120_000);
  let fresh: CommittedFile[] = [];
  before(async () => {
    fresh = await committedFiles();
  });

  it('match the chart, file by file', () => {
    // Photographs of the page are for people: fonts differ from machine to machine.
    const drawn = readdirSync(CHART_FOLDER).filter((name) => !name.startsWith('playground'));
    assert.deepEqual(drawn.sort(), fresh.map((f) => f.name).sort());
    for (const { name, content } of fresh) {
      const file = join(CHART_FOLDER, name);
      assert.ok(readFileSync(file, 'utf8') === content, `${file} ${AGAIN}`);
    }
  });

  it('are shown by the README as it is written today', () => {
    const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : '';
    assert.ok([null, readme].includes(readmeWithChart(readme)), `README.md ${AGAIN}`);
  });

  it('are well-formed, and every text in them has its width', () => {
    for (const { name, content } of fresh.filter((f) => /\.(svg|scxml)$/.test(f.name))) {
      if (name.endsWith('.svg')) assert.ok(new Resvg(content).width > 100, name);
      assert.deepEqual(openTags(content), [], name);
      assert.doesNotMatch(content, /NaN|undefined|<text (?![^>]*textLength)/, name);
    }
  });

  it('have nothing in Mermaid labels that would end them', () => {
    const labels = fresh
      .filter((f) => f.name.endsWith('.mmd'))
      .flatMap((f) => f.content.split('\n'))
      .map((line) => line.replace(/^\s*\w+ --> \w+ : /, ''));
    assert.deepEqual(
      labels.filter((label) => /[:;#]/.test(label)),
      [],
    );
  });
});

describe('part of the README', () => {
  it('is replaced between its marks and nowhere else', () => {
    const before = 'a\n<!-- chart -->\nold\n<!-- /chart -->\nb\n';
    const after = readmeWithChart(before) ?? '';
    assert.match(after, /^a\n<!-- chart -->\n<picture>[\s\S]*<!-- \/chart -->\nb\n$/);
    assert.doesNotMatch(after, /old/);
    assert.equal(readmeWithChart(after), after);
  });

  it('is left alone without its marks', () => {
    assert.equal(readmeWithChart('# Reroute\n'), null);
    assert.equal(readmeWithChart('<!-- /chart -->\n<!-- chart -->\n'), null);
  });
});

/** Tags that are not closed in order; a small check of well-formedness (XML 1.0, section 2.1). */
function openTags(xml: string): string[] {
  const open: string[] = [];
  for (const [, close, name, self] of xml.matchAll(/<(\/?)([\w:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!self && name) open.push(name);
  }
  return open;
}
