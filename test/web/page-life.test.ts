/**
 * The console's page through what happens to it: wishes with and without the right to them, a daemon
 * that goes away and comes back, an update under an open page, and a journal that is not whole.
 */

import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser, type TestPage } from './browser.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

const says = (page: Page, id: string, text: string | RegExp): Promise<void> =>
  page.locator(`#${id}`).filter({ hasText: text }).waitFor();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('console: the life of a page', function () {
  this.timeout(120_000);
  let browser: TestBrowser;
  let dir = '';
  let stage: Stage | null = null;
  const open: TestPage[] = [];

  const staged = async (options: StageOptions = {}): Promise<Stage> => {
    stage = await openStage({ dir, ...options });
    stage.allUp();
    return stage;
  };
  const visit = async (url: string): Promise<TestPage> => {
    const made = await browser.page({ viewport: { width: 1440, height: 1000 } });
    open.push(made);
    await made.page.goto(url);
    await says(made.page, 'link-text', 'live');
    return made;
  };

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rr-life-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await stage?.close();
    stage = null;
    rmSync(dir, { recursive: true, force: true });
  });

  it('pin: asks for confirmation and the token, is refused with a wrong one, granted with it', async () => {
    const { url, token, loop, log } = await staged();
    const { page } = await visit(url);
    await says(page, 'state', 'Normal');
    await page.locator('#act-pin').click();
    await says(page, 'dialog-says', 'This is a switch');
    await page.locator('#dialog-path').selectOption('scvm3/data');
    await page.locator('#dialog-yes').click();
    assert.equal(await page.locator('dialog[open]').count(), 1, 'it goes without a token');
    await page.locator('#dialog-token').fill('not-the-token');
    await page.locator('#dialog-yes').click();
    await says(page, 'dialog-problem', 'wrong token');
    assert.equal(loop.state().snapshot.context.memory.pin, null);
    assert.ok(
      log.some((line) => /\/api\/pin refused: wrong token/.test(line)),
      log.join('\n'),
    );
    await page.locator('#dialog-token').fill(token);
    await page.locator('#dialog-yes').click();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page
      .locator('#says p', { hasText: 'pinned to scvm3/data' })
      .waitFor({ state: 'attached' });
    await says(page, 'steering', /Pinned by the operator to scvm3\/data for 120 min|2 h/);
    await says(page, 'wait-what', 'Pin ends in');
    assert.equal(loop.state().snapshot.context.target, 'scvm3/data');
    await page.locator('#act-release').click();
    await page.locator('#dialog-yes').click();
    await says(page, 'steering', 'Automatic');
  });

  it('pause and resume: the token of this tab is remembered, the button says the other', async () => {
    const { url, token, loop } = await staged();
    const { page } = await visit(url);
    await page.locator('#act-pause').click();
    await says(page, 'dialog-says', 'moves nothing, not even off a dead path');
    await page.locator('#dialog-token').fill(token);
    await page.keyboard.press('Enter');
    await says(page, 'steering', 'Paused by the operator');
    assert.equal(loop.state().snapshot.context.memory.paused, true);
    assert.ok(await page.locator('#act-pin').isDisabled());
    await page.locator('#act-pause', { hasText: 'Resume' }).click();
    await page.locator('#dialog-yes').click();
    await says(page, 'steering', 'Automatic');
  });

  it('daemon gone and back: the page says so, keeps what it knows, and goes on by itself', async () => {
    const port = await freePort();
    const first = await staged({ port });
    const { page, complaints } = await visit(first.url);
    await says(page, 'state', 'Normal');
    await first.close();
    await says(page, 'link-text', 'no answer');
    await says(page, 'gone', /The daemon does not answer.*the route stays where it is/);
    await says(page, 'when', 'Last heard');
    await says(page, 'state', 'Normal');
    assert.ok(await page.locator('#act-pin').isDisabled());
    const second = await staged({ port });
    await says(page, 'link-text', 'live');
    await page.locator('#gone').waitFor({ state: 'hidden' });
    const said = page.locator('#says p', { hasText: 'The daemon was started again at' });
    await said.waitFor({ state: 'attached' });
    second.down('scvm1/data');
    await says(page, 'state', 'Rerouted');
    assert.deepEqual(complaints, []);
  });

  it('daemon back with another version: the page loads itself anew, but not under a dialog', async () => {
    const port = await freePort();
    const first = await staged({ port });
    const { page } = await visit(first.url);
    await page.evaluate('document.body.dataset.old = "1"');
    await page.locator('#act-pause').click();
    await first.close();
    await says(page, 'link-text', 'no answer');
    await staged({ port, build: 'another' });
    await says(page, 'link-text', 'live');
    assert.equal(await page.locator('body[data-old]').count(), 1, 'a dialog was taken away');
    await page.locator('#dialog-no').click();
    await page.locator('body:not([data-old])').waitFor();
    await says(page, 'link-text', 'live');
  });

  it('the past: an event shows its moment exactly, marked as past, and now is a key away', async () => {
    const { url, allUp, down } = await staged();
    const { page } = await visit(url);
    await says(page, 'state', 'Normal');
    down('scvm1/data');
    await says(page, 'state', 'Rerouted');
    allUp();
    await says(page, 'state', 'Back to normal');
    await page.locator('#story li', { hasText: 'Switched: scvm1/data' }).locator('button').click();
    await says(page, 'past', 'This is the past.');
    await says(page, 'state', 'Rerouted');
    await says(page, 'saying', /Home is not well: scvm1\/data is down: 3 of 3 probes lost/);
    assert.match(await page.title(), /^Past: Rerouted/);
    assert.ok(await page.locator('#act-pin').isDisabled());
    await page.locator('#earlier').click();
    await says(page, 'state', 'Degraded');
    await page.locator('#past-now').click();
    await says(page, 'state', 'Back to normal');
  });

  it('a journal with broken lines: its gaps are marked, everything else is there', async () => {
    const first = await staged();
    first.down('scvm2/data');
    await first.close();
    const folder = join(dir, 'journal');
    const [segment = ''] = readdirSync(folder);
    appendFileSync(join(folder, segment), '{"k":"f","type":"NOT_A_FACT"\u0000\u0007 half a li\n');
    appendFileSync(join(folder, segment), 'not a line of ours at all\n');
    appendFileSync(join(folder, segment), '{"k":"gap","dropped":7}\n');
    const second = await staged();
    second.down('scvm1/data');
    const { page } = await visit(second.url);
    await says(page, 'story', /Switched: scvm1\/data/);
    await page.locator('[data-kind="all"]').click();
    await page.locator('#story-more').click();
    await says(page, 'story', 'scvm2/data: suspect → down');
    assert.equal(await page.locator('#past-problem').textContent(), '');
    assert.ok((await page.locator('.run.r-gap').count()) > 0);
    const timeline = (await (await fetch(`${second.url}/api/timeline`)).json()) as {
      gaps: { why: string; says: string }[];
    };
    assert.match(
      JSON.stringify(timeline.gaps),
      /journal-000001\.ndjson line \d+: not JSON, and 2 more/,
    );
  });
});
