/**
 * The console of a real daemon on a real cluster, in real Chromium on the same host: a fault, the
 * state, the countdown, the explanation; the past of it; a wish with the token that the command
 * line shows; the end and the next start of the daemon under the open page.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { consoleOn, openRelay } from '../../src/lab/relay.ts';
import { assertOnly, openBrowser, type TestBrowser, type TestPage } from '../web/browser.ts';
import { openStand, type Stand } from './stand.ts';

const URL = 'http://127.0.0.1:9470';
const HTTP = { control: { http: '127.0.0.1:9470' } };

const says = (page: Page, id: string, text: string | RegExp): Promise<void> =>
  page.locator(`#${id}`).filter({ hasText: text }).waitFor();

describe('console of a real daemon', function () {
  this.timeout(120_000);
  let stand: Stand;
  let browser: TestBrowser;
  const open: TestPage[] = [];

  before(async () => {
    stand = await openStand();
    browser = await openBrowser(stand.lab.hosts[0]?.namespace);
  });
  after(async () => {
    await browser.close();
    await stand.release();
  });
  beforeEach(() => stand.reset());
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  const visit = async (): Promise<TestPage> => {
    const made = await browser.page({ viewport: { width: 1440, height: 1000 } });
    open.push(made);
    await made.page.goto(`${URL}/`);
    await says(made.page, 'link-text', 'live');
    return made;
  };

  it('a power-off: away, the reason, the hold counting down, home again, and all of it as past', async () => {
    const daemon = stand.run({ overrides: HTTP });
    await daemon.settled();
    const [one, two] = [await visit(), await visit()];
    for (const { page } of [one, two]) await says(page, 'state', 'Normal');
    const { page } = one;
    await page.locator('#path-count', { hasText: '6 of 6 up' }).waitFor();
    await says(page, 'record-says', 'The leader knows this host’s addresses.');

    await stand.fault('power-off scvm1');
    for (const reader of [one, two]) await says(reader.page, 'state', 'Rerouted');
    await says(
      page,
      'saying',
      /Home is not well: scvm1\/data is down: 3 of 3 probes lost in \d+ ms/,
    );
    await says(page, 'moves', /Return home.*held by home_up/);
    await says(page, 'chain', /switched: scvm1\/data -> scvm\d\/data \(failover\)/);
    const loss = page.locator('#path-rows tr', { hasText: '10.10.85.15' }).locator('td').last();
    await loss.filter({ hasText: /[1-9]\d* %/ }).waitFor();

    await stand.fault('power-on scvm1');
    await says(page, 'state', 'Back to normal');
    await says(page, 'wait-what', 'Back home in');
    await page
      .locator('.badge[visibility="visible"] text', { hasText: /^0:0\d$/ })
      .first()
      .waitFor();
    await says(page, 'state', 'Normal');

    await page.locator('#story li', { hasText: '(failover)' }).locator('button').click();
    await says(page, 'past', 'This is the past.');
    await says(page, 'state', 'Rerouted');
    await says(page, 'saying', /Home is not well: scvm1\/data is down/);
    await two.page.locator('#state', { hasText: 'Normal' }).waitFor();
    for (const reader of [one, two]) {
      assertOnly(URL, reader);
      assert.deepEqual(reader.complaints, []);
    }
    await daemon.stop();
  });

  it('a pin: refused without the right token, granted with the one that `reroute console` shows', async () => {
    const daemon = stand.run({ overrides: HTTP });
    await daemon.settled();
    const { page } = await visit();
    await says(page, 'state', 'Normal');
    await page.locator('#act-pin').click();
    await page.locator('#dialog-path').selectOption('scvm2/data');
    await page.locator('#dialog-token').fill('A'.repeat(32));
    await page.locator('#dialog-yes').click();
    await says(page, 'dialog-problem', 'wrong token');
    assert.equal((await daemon.status()).pin, null);
    const { stdout } = await daemon.cli('console', '--json');
    const { url, token } = JSON.parse(stdout) as { url: string; token: string };
    assert.equal(url, URL);
    await page.locator('#dialog-token').fill(token);
    await page.locator('#dialog-yes').click();
    await says(page, 'steering', 'Pinned by the operator to scvm2/data');
    await stand.tableHolds('10.10.85.16');
    await daemon.stop();
  });

  it('daemon killed and started again under the page: it says so, and goes on', async () => {
    const first = stand.run({ overrides: HTTP });
    await first.settled();
    const { page } = await visit();
    await says(page, 'state', 'Normal');
    first.signal('SIGKILL');
    await first.exited;
    await says(page, 'gone', /The daemon does not answer.*the route stays where it is/);
    const second = stand.run({ overrides: HTTP, dir: first.dir });
    await says(page, 'link-text', 'live');
    const said = page.locator('#says p', { hasText: 'The daemon was started again at' });
    await said.waitFor({ state: 'attached' });
    await says(page, 'state', 'Normal');
    await second.stop();
  });

  it('from outside of its namespace: through the lab’s relay, on the same port', async () => {
    // As a lab of the same name leaves it.
    writeFileSync(join(stand.lab.runDir, 'host1', 'console.sock'), '');
    const port = await openRelay(stand.lab, 'host1');
    assert.ok(port !== null, 'no port: are these tests not run by root?');
    const daemon = stand.run({ overrides: consoleOn(port) });
    await daemon.settled();
    const answer = await fetch(`http://127.0.0.1:${port}/api/hello`);
    assert.equal(((await answer.json()) as { pid: number }).pid, daemon.pid);
    await daemon.stop();
    await assert.rejects(fetch(`http://127.0.0.1:${port}/api/hello`));
  });

  it('control.http off: nobody listens, and the command line says so', async () => {
    const daemon = stand.run();
    await daemon.settled();
    const { code, stderr } = await daemon.cli('console');
    assert.equal(code, 1);
    assert.match(stderr, /the console is off/);
    const probe = await browser.page();
    open.push(probe);
    await assert.rejects(probe.page.goto(`${URL}/`), /ERR_CONNECTION_REFUSED/);
    await daemon.stop();
  });
});
