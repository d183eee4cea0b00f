/**
 * The pages that `reroute diagram` writes: one file, a policy that names exactly the scripts and
 * styles that stand in it, nothing that would be asked of a network.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { compare } from '../../src/diagram/diff.ts';
import { exampleSettings } from '../../src/diagram/example.ts';
import { onlyRegion } from '../../src/diagram/graph.ts';
import { type Rendered, render, renderDifference } from '../../src/diagram/render.ts';
import { withSetting } from '../../src/sim/words.ts';
import { chart, copy, without } from './fixture.ts';

const textOf = (rendered: Rendered): string => {
  assert.ok(rendered.ok);
  return String(rendered.content);
};
const hashes = (texts: readonly string[]): string[] =>
  texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
const between = (html: string, tag: RegExp): string[] =>
  [...html.matchAll(tag)].map((m) => m[1] ?? '');

describe('pages of reroute diagram', function () {
  this.timeout(120_000);
  const settings = exampleSettings();
  const pages = new Map<string, string>();
  before(async () => {
    const bundled = spawnSync(process.execPath, ['scripts/bundle.mjs'], { encoding: 'utf8' });
    assert.equal(bundled.status, 0, bundled.stderr);
    pages.set('the playground', textOf(await render(chart, 'html', settings)));
    const region = onlyRegion(chart, 'record');
    assert.ok(region);
    pages.set('a region', textOf(await render(region, 'html', settings)));
    const old = without(copy(), (t) => t.guard === 'mayPrefer' && t.source === 'access.Rerouted');
    pages.set('a comparison', textOf(await renderDifference(compare(old, chart), 'html')));
  });

  for (const name of ['the playground', 'a region', 'a comparison']) {
    it(`${name}: its policy names its own scripts and styles, and nothing else`, () => {
      const html = pages.get(name) ?? '';
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
      const rules = new Map(
        policy.split('; ').map((r) => [r.split(' ')[0], r.split(' ').slice(1)]),
      );
      assert.deepEqual(rules.get('default-src'), ["'none'"]);
      const scripts = between(html, /<script>([\s\S]*?)<\/script>/g);
      assert.ok(scripts.length > 0);
      assert.deepEqual(rules.get('script-src'), hashes(scripts));
      const styles = between(html, /<style>([\s\S]*?)<\/style>/g);
      assert.deepEqual(rules.get('style-src'), hashes(styles));
      assert.doesNotMatch(policy, /unsafe|https?:/);
    });

    it(`${name}: has no handler, style or address of another place in its markup`, () => {
      const html = (pages.get(name) ?? '').replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');
      assert.doesNotMatch(html, /<[^>]*\s(on\w+|style)=/);
      const addresses = between(html, /\s(?:src|href)="([^"]*)"/g);
      assert.deepEqual(
        addresses.filter((a) => a !== 'data:,' && !a.startsWith('#')),
        [],
      );
    });
  }

  it('the playground makes no code at run time', () => {
    assert.doesNotMatch(pages.get('the playground') ?? '', /new Function|\beval\(/);
  });

  it('the playground begins with the numbers of the configuration, on the cluster of the example', async () => {
    const paths = settings.paths.slice(0, 2);
    const own = { ...withSetting(settings, 'timers.dwell', '7s'), hostId: 'esx7', paths };
    const html = textOf(await render(chart, 'html', own));
    const data = between(html, /<script id="page-data"[^>]*>([\s\S]*?)<\/script>/g)[0] ?? '';
    const { base, reference, graph } = JSON.parse(data);
    assert.equal(base.timers.dwellMs, 7000);
    assert.equal(base.hostId, 'host1');
    assert.deepEqual(base.paths, settings.paths);
    assert.deepEqual(reference, JSON.parse(JSON.stringify(settings)));
    assert.equal(graph.states.length, chart.states.length);
  });
});
