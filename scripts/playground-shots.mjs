/**
 * The playground's pictures in docs/chart, taken anew from the built page:
 * `npm run build && node scripts/playground-shots.mjs`. For people who read the docs; no test
 * compares them, because fonts differ from machine to machine.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from './ready.mjs';

const POWER_OFF = '#v=1&do=10000+power+scvm1+off&do=40000+power+scvm1+on&until=232000';
const SHOTS = [
  { name: 'playground', at: `${POWER_OFF}&at=100000`, width: 1440, height: 1090, scheme: 'light' },
  {
    name: 'playground-why',
    at: `${POWER_OFF}&at=10851&step=14`,
    width: 1440,
    height: 900,
    scheme: 'dark',
    scroll: '.pg-steps',
  },
  {
    name: 'playground-phone',
    at: `${POWER_OFF}&at=100000`,
    width: 390,
    height: 844,
    scheme: 'light',
  },
];

const folder = mkdtempSync(join(tmpdir(), 'reroute-shots-'));
const page = join(folder, 'chart.html');
const made = spawnSync(
  process.execPath,
  [join(root, 'bin', 'reroute'), 'diagram', '--format', 'html', '--output', page],
  { stdio: 'inherit' },
);
if (made.status !== 0) process.exit(made.status ?? 1);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { name, at, width, height, scheme, scroll } of SHOTS) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const tab = await context.newPage();
  await tab.goto(`${pathToFileURL(page).href}${at}`);
  await tab.locator('.pg-notice[data-busy=false]').waitFor({ state: 'attached' });
  // The ribbon is recorded to its end.
  await tab.waitForTimeout(3000);
  if (scroll) await tab.locator(scroll).evaluate((el) => el.scrollIntoView());
  await tab.screenshot({ path: join(root, 'docs', 'chart', `${name}.png`) });
  await context.close();
}
await browser.close();
rmSync(folder, { recursive: true });
