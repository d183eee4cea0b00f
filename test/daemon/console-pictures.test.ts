/**
 * The pictures of the console in docs/console: that they are there and shown. They are taken from a
 * real daemon on the lab's cluster, after a simulated day, by
 *   REROUTE_PICTURES=1 npm test test/daemon/console-pictures.test.ts
 * which takes some minutes, because the curves of two minutes need two minutes.
 */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser } from '../web/browser.ts';
import { record } from '../web/recorded.ts';
import { openStand, type Stand } from './stand.ts';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('docs/console/', ROOT);
const HTTP = '127.0.0.1:9470';

/** Width and height of a PNG (ISO/IEC 15948, IHDR). */
function sizeOf(name: string): [number, number] {
  const bytes = readFileSync(new URL(`${name}.png`, FOLDER));
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG', name);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

const WIDTHS: Readonly<Record<string, number>> = {
  'back-to-normal': 1440,
  'rerouted-dark': 1440,
  past: 1440,
  whole: 1440,
  phone: 750,
};

describe('pictures of the console', () => {
  it('are in docs/console, of their size, and shown by the pages', () => {
    const pages = ['README.md', 'docs/console.md'].map((f) =>
      readFileSync(new URL(f, ROOT), 'utf8'),
    );
    for (const [name, width] of Object.entries(WIDTHS)) {
      const [wide, high] = sizeOf(name);
      assert.equal(wide, width, name);
      assert.ok(high > 800, name);
      assert.ok(
        pages.some((text) => text.includes(`console/${name}.png`)),
        `${name} is not shown`,
      );
    }
  });
});

if (process.env.REROUTE_PICTURES) {
  describe('pictures of the console, anew', function () {
    this.timeout(600_000);
    let stand: Stand;
    let browser: TestBrowser;
    before(async () => {
      stand = await openStand();
      await stand.reset();
      browser = await openBrowser(stand.lab.hosts[0]?.namespace);
    });
    after(async () => {
      await browser.close();
      await stand.release();
    });

    it('taken', async () => {
      const dir = join(stand.lab.runDir, 'host1', 'pictures');
      writeDay(join(dir, 'journal'));
      stand.run({
        dir,
        overrides: { control: { http: HTTP }, timers: TIMERS, switch: { budget_per_hour: 6 } },
      });
      const light = await visit({ viewport: { width: 1440, height: 1000 } });
      const dark = await visit({ viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' });
      const phone = await visit({ viewport: { width: 375, height: 1180 }, deviceScaleFactor: 2 });
      await until(light, 'Normal');
      await passed(light, 100);
      await stand.fault('power-off scvm1');
      await until(dark, 'Rerouted');
      await passed(dark, 25);
      await shot(dark, 'rerouted-dark');
      await stand.fault('power-on scvm1');
      await until(light, 'Back to normal');
      await passed(light, 45);
      await shot(light, 'back-to-normal');
      await shot(phone, 'phone');
      await light.setViewportSize({ width: 1440, height: 1960 });
      await passed(light, 2);
      await shot(light, 'whole');
      await light.setViewportSize({ width: 1440, height: 1000 });
      await light.locator('[data-span="86400000"]').click();
      await light.evaluate(SCRUB);
      await light.locator('#past', { hasNotText: 'Replaying' }).waitFor();
      await shot(light, 'past');
    });

    async function visit(options: Parameters<TestBrowser['page']>[0]): Promise<Page> {
      const { page } = await browser.page(options);
      // The daemon is still starting when the first page comes.
      for (let tries = 1; ; tries += 1) {
        const came = await page.goto(`http://${HTTP}/`).catch((error: unknown) => {
          if (tries > 40) throw error;
          return null;
        });
        if (came) break;
        await page.waitForTimeout(500);
      }
      await page.locator('#link-text', { hasText: 'live' }).waitFor();
      return page;
    }
    const until = (page: Page, state: string): Promise<void> =>
      page.locator('#state', { hasText: state }).waitFor();
    const passed = (page: Page, seconds: number): Promise<void> =>
      page.waitForTimeout(seconds * 1000);
    const shot = async (page: Page, name: string): Promise<void> => {
      mkdirSync(FOLDER, { recursive: true });
      const path = new URL(`${name}.png`, FOLDER).pathname;
      await page.screenshot({ path, animations: 'disabled' });
    };
  });
}

/** The timers of a host, not those of a test. */
const TIMERS = { back_to_normal: '180s', return_guard: '120s', dwell: '30s', forgive: '1800s' };

/** To somewhere in a night that was worth looking at. */
const SCRUB = `{
  const slider = document.getElementById('scrub');
  slider.value = '386';
  slider.dispatchEvent(new Event('input', { bubbles: true }));
}`;

function writeDay(dir: string): void {
  const day = record(dir, Date.now() - 24 * 3_600_000 - 120_000);
  day.say('route via scvm1/data', 'boot', 'run 9h', 'power scvm1 off', 'run 40m', 'power scvm1 on');
  day.say('run 4h', 'segment');
  for (let n = 0; n < 3; n += 1)
    day.say('service scvm1 refused', 'run 5m', 'service scvm1 up', 'run 9m');
  day.say('run 5h', 'power scvm2 off', 'run 20m', 'power scvm2 on', 'segment', 'run 4h', 'crash');
}
