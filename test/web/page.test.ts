/**
 * The console's page in real Chromium, on a stage with made-up facts: what it shows and says, for
 * eyes, keyboards and screen readers, on a desk and on a phone.
 */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { assertOnly, openBrowser, type TestBrowser, type TestPage } from './browser.ts';
import { manyScvms, openStage, type Stage } from './stage.ts';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Waits until the element's text fits. */
const says = (page: Page, id: string, text: string | RegExp): Promise<void> =>
  page.locator(`#${id}`).filter({ hasText: text }).waitFor();

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function assertAccessible(page: Page): Promise<void> {
  const found: Violation[] = await page.evaluate('axe.run().then((done) => done.violations)');
  const told = found.map(
    (v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`,
  );
  assert.deepEqual(told, []);
}

describe('console: the page', function () {
  this.timeout(150_000);
  let browser: TestBrowser;
  let stage: Stage;
  const open: TestPage[] = [];

  const visit = async (options: Parameters<TestBrowser['page']>[0] = {}): Promise<TestPage> => {
    const made = await browser.page({ bypassCSP: false, ...options });
    open.push(made);
    await made.page.addInitScript({ path: axeFile });
    await made.page.goto(stage.url);
    await says(made.page, 'link-text', 'live');
    return made;
  };
  const staged = async (options: Parameters<typeof openStage>[0] = {}): Promise<void> => {
    stage = await openStage(options);
    stage.allUp();
  };

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await stage.close();
  });

  it('a fault: state, sentence, alarm, map, chart, path and story tell of it as it happens', async () => {
    await staged();
    const { page, complaints } = await visit();
    await says(page, 'state', 'Normal');
    await says(page, 'saying', 'I/O goes to scvm1/data, home');
    stage.down('scvm1/data');
    await says(page, 'state', 'Rerouted');
    await says(page, 'saying', /Home is not well: scvm1\/data is down: 3 of 3 probes lost/);
    const said = page.locator('#says p', { hasText: /The state is Rerouted, target scvm\d\/data/ });
    await said.waitFor({ state: 'attached' });
    const map = page.locator('#map svg');
    assert.match(
      (await map.getAttribute('aria-label')) ?? '',
      /over the storage network to scvm[23]/,
    );
    await page
      .locator('figure[data-region="access"] rect.here[data-state="access.Rerouted"]')
      .waitFor();
    const taken = page.locator('figure[data-region="access"] g.taken');
    assert.equal(await taken.getAttribute('data-from'), 'access.Degraded.Doubting');
    assert.equal(await taken.getAttribute('data-to'), 'access.Rerouted');
    const row = page.locator('#path-rows tr', { hasText: '10.10.85.15' });
    assert.match((await row.textContent()) ?? '', /down.*3 of 3 probes lost/);
    await says(page, 'story', /Switched: scvm1\/data → scvm\d\/data \(failover\)/);
    await says(page, 'moves', /Return home.*held by home_up.*home_upscvm1\/data is down/);
    await says(page, 'chain', /path scvm1\/data: suspect -> down/);
    assert.deepEqual(complaints, []);
  });

  it('a timer: counts down at its state, as a bar and at the gate that it holds closed', async () => {
    await staged();
    const { page } = await visit();
    stage.down('scvm1/data');
    await says(page, 'state', 'Rerouted');
    stage.allUp();
    await says(page, 'state', 'Back to normal');
    await says(page, 'wait-what', 'Back home in');
    const left = await page.locator('#wait-left').textContent();
    assert.match(left ?? '', /^[23]:\d\d$/);
    await page
      .locator('#wait-left')
      .filter({ hasNotText: left ?? '' })
      .waitFor();
    const badge = page.locator('figure[data-region="access"] .badge[visibility="visible"] text');
    assert.match((await badge.textContent()) ?? '', /^[23]:\d\d$/);
    await says(page, 'moves', /hold.*opens in [23]:\d\d/);
  });

  it('a second browser sees the same, and both stay live', async () => {
    await staged();
    const [one, two] = [await visit(), await visit()];
    stage.down('scvm1/data');
    for (const { page } of [one, two]) await says(page, 'state', 'Rerouted');
  });

  it('nothing is asked of any other machine, and the page keeps within its own policy', async () => {
    await staged();
    const visited = await visit();
    await visited.page.locator('#path-rows button').first().click();
    await visited.page.locator('#path-rows .big-curve canvas').waitFor();
    assertOnly(stage.url, visited);
    assert.deepEqual(visited.complaints, []);
    const inline = visited.page.locator('script:not([src]), style, [onclick]');
    assert.equal(await inline.count(), 0);
  });

  for (const [what, options] of [
    ['light', { colorScheme: 'light', viewport: { width: 1440, height: 1000 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1440, height: 1000 } }],
    ['a phone', { viewport: { width: 375, height: 800 } }],
  ] as const) {
    it(`accessible: no violation that axe knows, now, in the past and in the dialog, ${what}`, async () => {
      await staged();
      const { page } = await visit(options);
      stage.down('scvm1/data');
      await says(page, 'state', 'Rerouted');
      stage.allUp();
      await says(page, 'state', 'Back to normal');
      await assertAccessible(page);
      await page.locator('#story button', { hasText: ':' }).last().click();
      await says(page, 'past', 'This is the past.');
      await assertAccessible(page);
      await page.locator('#past-now').click();
      await page.locator('#act-pin').click();
      await page.locator('dialog[open]').waitFor();
      await assertAccessible(page);
    });
  }

  it('keyboard: skips to the content, goes into the past and back, opens and leaves a dialog', async () => {
    await staged();
    const { page } = await visit();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await page.locator('#scrub').focus();
    for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowLeft');
    await says(page, 'past', 'This is the past.');
    const value = await page.locator('#scrub').getAttribute('aria-valuetext');
    assert.match(value ?? '', /\d\d:\d\d:\d\d, .+ ago, /);
    await page.keyboard.press('End');
    await page.locator('#past').waitFor({ state: 'hidden' });
    await page.locator('#act-pause').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'dialog-token');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate('document.activeElement.id'), 'act-pause');
  });

  it('400 paths with very long names: all are found, nothing is wider than a phone', async () => {
    const long = (n: number): string => `scvm-${n}-${'x'.repeat(55)}`.slice(0, 63);
    await staged({ settings: { ...manyScvms(200, long), hostId: `host.${'y'.repeat(240)}` } });
    for (const width of [375, 1440]) {
      const { page } = await visit({ viewport: { width, height: 800 } });
      await says(page, 'path-count', '400 of 400 up');
      await page.locator('#map svg').waitFor();
      const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
      assert.ok(wide <= width, `${wide} px on ${width}`);
      await page.locator('#path-search').fill('scvm-137-');
      await says(page, 'path-count', '2 found, 400 of 400 up');
      assert.equal(await page.locator('#path-rows tr').count(), 2);
    }
    const last = open.at(-1)?.page;
    assert.ok(last);
    await last.locator('#path-search').fill('');
    await last.locator('#path-all').click();
    await last.locator('#path-rows tr').nth(399).waitFor();
    const curves = await last.locator('#path-rows canvas').count();
    assert.ok(curves > 0 && curves < 100, `${curves} curves are drawn`);
    stage.down(stage.settings.paths[0]?.id ?? '');
    await says(last, 'state', 'Rerouted');
    await says(last, 'path-count', '399 of 400 up');
  });

  it('more readers than are served: the last one says so, and comes in when there is room', async () => {
    await staged();
    const others = new AbortController();
    const { signal } = others;
    const eight = Array.from({ length: 8 }, () => fetch(`${stage.url}/api/stream`, { signal }));
    await Promise.all(eight);
    const ninth = await browser.page();
    open.push(ninth);
    await ninth.page.goto(stage.url);
    await says(ninth.page, 'gone', /Too many consoles are open.*8 pages are all that it serves/);
    others.abort();
    await says(ninth.page, 'link-text', 'live');
  });
});
