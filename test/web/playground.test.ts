/**
 * The playground as its reader meets it: the written file, opened from disk in Chromium with the
 * network off. Whatever is reached is reached by clicks and keys.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { exampleSettings } from '../../src/diagram/example.ts';
import { render } from '../../src/diagram/render.ts';
import { graphOf } from '../../src/diagram/walk.ts';
import { play } from '../../src/sim/dialogue.ts';
import { MOST_CHARS } from '../../src/web/browser/playground/link.ts';
import { threeHosts } from '../sim/settings.ts';
import { openBrowser, type TestBrowser, type TestPage, WITHIN_MS } from './browser.ts';

const AXE = readFileSync(
  new URL('../../node_modules/axe-core/axe.min.js', import.meta.url),
  'utf8',
);

describe('playground: the page', function () {
  this.timeout(120_000);
  let folder = '';
  let address = '';
  let browser: TestBrowser;
  let opened: TestPage | undefined;
  let page: Page;

  before(async () => {
    const bundled = spawnSync(process.execPath, ['scripts/bundle.mjs'], { encoding: 'utf8' });
    assert.equal(bundled.status, 0, bundled.stderr);
    const settings = exampleSettings();
    const html = await render(graphOf(settings), 'html', settings);
    assert.ok(html.ok);
    folder = mkdtempSync(join(tmpdir(), 'reroute-playground-'));
    const file = join(folder, 'chart.html');
    writeFileSync(file, html.content);
    address = pathToFileURL(file).href;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => open());
  afterEach(async () => {
    await opened?.close();
    assert.deepEqual(opened?.complaints, []);
    assert.ok(opened?.requests.every((url) => url.startsWith(address) || url.startsWith('data:')));
  });

  async function open(fragment = '', options: BrowserContextOptions = {}): Promise<void> {
    await opened?.close();
    const viewport = { width: 1440, height: 900 };
    opened = await browser.page({ viewport, offline: true, ...options });
    page = opened.page;
    await page.goto(`${address}${fragment}`);
    await page.locator('.pg-state').waitFor();
  }

  const text = (selector: string): Promise<string> =>
    page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`);
  const state = async (): Promise<string> =>
    (await page.locator('.pg-state').getAttribute('data-state')) ?? '';
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click();
  const scvm = (name: string, button: string): Promise<void> =>
    page.getByRole('article', { name }).getByRole('button', { name: button, exact: true }).click();
  /** Looks once a frame. A page's policy forbids Playwright's own way of waiting in it. */
  async function until(holds: string): Promise<void> {
    const endMs = Date.now() + WITHIN_MS;
    while (!(await page.evaluate(holds))) {
      assert.ok(Date.now() < endMs, `never came true: ${holds}`);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
  }
  /** Nothing is being played again or searched. */
  const settled = (): Promise<void> =>
    until(`document.querySelector('.pg-notice').dataset.busy === 'false'`);

  async function scrub(ms: string): Promise<void> {
    await page.getByLabel('Scrub through').fill(ms);
    await settled();
  }

  /** Steps to the next event until the page shows this state. */
  async function stepTo(wanted: string): Promise<void> {
    await settled();
    for (let i = 0; i < 30 && (await state()) !== wanted; i += 1) {
      const was = await text('.pg-detail');
      await press('Next event');
      await until(`document.querySelector('.pg-detail').innerText !== ${JSON.stringify(was)}`);
    }
    assert.equal(await state(), wanted);
  }

  it('reaches each of the four states by clicks alone', async () => {
    assert.equal(await state(), 'Normal');
    await press('Event before');
    await scvm('scvm1', 'killed');
    await stepTo('Degraded');
    assert.match(await text('.pg-detail'), /targetInDoubt[\s\S]*service refused/);
    await stepTo('Rerouted');
    assert.match(await text('.pg-table'), /via 10\.10\.85\.17/);
    await scvm('scvm1', 'up');
    await stepTo('BackToNormal');
    assert.match(await text('.pg-timers'), /holdLeft[\s\S]*of 180 s/);
    await stepTo('Normal');
    assert.match(await text('.pg-table'), /via 10\.10\.85\.15/);
    assert.match(await text('.pg-facts'), /all 12 hold/);
  });

  it('lights the active state of every region, and counts its timers', async () => {
    await press('Power-off');
    await press('Pause');
    await scrub('60000');
    const lit = `[...document.querySelectorAll('#live-chart rect.now')].map((r) => r.dataset.state)`;
    assert.deepEqual(await page.evaluate(lit), [
      'access.BackToNormal',
      'access.BackToNormal.Holding',
    ]);
    const left = `document.querySelector('#live-chart .fuse-left').textContent`;
    await until(`${left} === '160 s'`);
    await scrub('90000');
    await until(`${left} === '130 s'`);
    for (const [region, active] of [
      ['route', 'Settled'],
      ['steering', 'Loop'],
      ['record', 'Current'],
    ]) {
      await page.getByRole('tab', { name: `${region} ${active}` }).click();
      assert.deepEqual(await page.evaluate(lit), [`${region}.${active}`]);
    }
  });

  it('shows in the ribbon what a slider changes, and back again', async () => {
    await press('Power-off');
    const returns = (at: string): Promise<void> =>
      until(
        `[...document.querySelectorAll('.pg-mark[data-kind=switch]')].at(-1)?.title.startsWith('${at} ')`,
      );
    await returns('3:40.106');
    const slider = page.getByRole('slider', { name: 'back_to_normal', exact: true });
    await slider.focus();
    await page.keyboard.press('Home');
    assert.equal(await slider.getAttribute('aria-valuetext'), '0 s');
    // The return guard holds it up now: 120 s after home was left.
    await returns('2:10.857');
    await press('back_to_normal back to 3 min');
    await returns('3:40.106');
  });

  it('scrubbing back shows the very moment that was', async () => {
    await press('Access service killed');
    await press('Pause');
    const moment = async (): Promise<string[]> =>
      Promise.all(['.pg-now', '.pg-grid', '.pg-detail', '.pg-clock'].map(text));
    await scrub('12000');
    const [early] = [await moment()];
    await scrub('150000');
    assert.notDeepEqual(await moment(), early);
    await scrub('12000');
    assert.deepEqual(await moment(), early);
  });

  it('gives a link that shows the same on another page', async () => {
    await press('Power-off');
    await press('Pause');
    await scrub('50000');
    await scvm('scvm2', 'off');
    await page.getByRole('slider', { name: 'dwell', exact: true }).focus();
    await page.keyboard.press('Home');
    await press('Next event');
    await settled();
    const shown = async (): Promise<string[]> =>
      Promise.all(['.pg-now', '.pg-grid', '.pg-steps', '.pg-clock', '.pg-knobs'].map(text));
    const before = await shown();
    await press('Share as a link');
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    assert.ok(link.startsWith(`${address}#v=1&set=timers.dwell+0s&do=10000+power+scvm1+off`), link);
    await open(new URL(link).hash);
    await settled();
    assert.deepEqual(await shown(), before);
  });

  it('saves a golden scenario that the dialogue runner answers the same', async () => {
    await press('Storage network lost');
    await press('Pause');
    await scrub('80000');
    await press('Save as a golden scenario');
    const shown = await page.getByRole('textbox', { name: 'Scenario' }).inputValue();
    assert.match(shown, /^cut storage on$/m);
    assert.match(shown, /^\| .* access: Degraded\.Doubting -> Rerouted on ROUTE_READ/m);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press('Download scenario.txt'),
    ]);
    const saved = readFileSync(await download.path(), 'utf8');
    assert.equal(saved, shown);
    const played = play(saved, threeHosts);
    assert.equal(played.text, saved);
    assert.deepEqual(played.violations, []);
  });

  it('runs, stops and steps by keys', async () => {
    // By itself time stops where nothing more happens, which may be before anybody looks.
    await page.getByLabel('Speed').selectOption('1');
    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Run' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await until(`document.querySelector('.pg-clock').textContent === '0:02.000'`);
    await page.getByRole('tab', { name: /access/ }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(
      await page.getByRole('tab', { name: /route/ }).getAttribute('aria-selected'),
      'true',
    );
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.id'), 'live-chart');
  });

  const broken: readonly (readonly [string, RegExp])[] = [
    ['#v=2&do=1+heal', /part "v": is of another version than 1/],
    ['#v=1&do=1000+explode', /"explode" is nothing that can be clicked here/],
    [`#v=1&do=${'x'.repeat(MOST_CHARS)}`, /characters long/],
    ['#%E0%A4%A', /cannot be read/],
  ];
  for (const [fragment, says] of broken) {
    it(`says what is wrong with the link ${fragment.slice(0, 24)}, and works on`, async () => {
      await open(fragment);
      assert.match(await text('[role=alert]'), says);
      assert.equal(await state(), 'Normal');
      await press('Event before');
      await scvm('scvm1', 'hung');
      await stepTo('Degraded');
    });
  }

  for (const [name, options] of [
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
  ] as const) {
    it(`has nothing that axe would object to, ${name}`, async () => {
      await open('', options);
      await press('Power-off');
      await press('Pause');
      await scrub('45000');
      await page.getByText('Host faults').click();
      await page.getByText('Operator', { exact: true }).click();
      await press('Save as a golden scenario');
      await page.evaluate(AXE);
      const found = (await page.evaluate(
        `axe.run(document).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target).join(' ')))`,
      )) as string[];
      assert.deepEqual(found, []);
      const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(width) <= 0, `${width} px too wide`);
    });
  }

  it('moves nothing for who wants no motion', async () => {
    const moving = `getComputedStyle(document.querySelector('.pg-line.pg-route')).animationName`;
    assert.equal(await page.evaluate(moving), 'none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await page.evaluate(moving), 'pg-along');
  });

  it('prints each region on a page of A4 of its own', async () => {
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    const pages =
      Buffer.from(pdf)
        .toString('latin1')
        .match(/\/Type\s*\/Page\b/g) ?? [];
    assert.equal(pages.length, 5);
  });

  it('is one file below 1 MB', () => {
    assert.ok(readFileSync(join(folder, 'chart.html')).length < 1_000_000);
  });
});
