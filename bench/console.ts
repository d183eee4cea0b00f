/**
 * The console: what it weighs, how soon it is painted, what showing costs the daemon's loop, and a
 * day of journal scrubbed from end to end in Chromium. The days are simulated ones of three SCVMs, with
 * a fault every hour and, the bad one, every three minutes; every fact and order is there as a daemon
 * would have written it.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { sceneOf } from '../src/daemon/sight.ts';
import { listSegments } from '../src/io/journal-scan.ts';
import { noChain } from '../src/machines/chain.ts';
import { loadAssets } from '../src/web/assets.ts';
import { openBrowser, type TestBrowser } from '../test/web/browser.ts';
import { record } from '../test/web/recorded.ts';
import { manyScvms, openStage, type Stage } from '../test/web/stage.ts';

type Row = Readonly<Record<string, string | number>>;
interface Bench {
  readonly title: string;
  readonly rows: readonly Row[];
}

const LOADS = 15;
const SCRUB_STEPS = 1000;
const MOMENTS = 60;
const HOURS = 24;
const DAYS = [
  { day: 'a fault every hour', everyMin: 60 },
  { day: 'a fault every 3 min', everyMin: 3 },
] as const;
type Day = (typeof DAYS)[number];
const READERS = 8;
const LOOP_MS = 10_000;

export async function run(): Promise<Bench[]> {
  const dir = mkdtempSync(join(tmpdir(), 'rr-bench-console-'));
  const browser = await openBrowser();
  try {
    const loops = [];
    for (const scvms of [3, 200]) loops.push(await loopCost(scvms));
    const paints = await firstPaints(browser);
    const scrubs = [];
    for (const day of DAYS) scrubs.push(await scrub(browser, join(dir, String(day.everyMin)), day));
    return [
      { title: 'console: weight of the page, bytes', rows: weights() },
      { title: `console: first paint on loopback, ${LOADS} times, nothing kept`, rows: paints },
      { title: `console: the loop with ${READERS} open pages`, rows: loops },
      {
        title: `console: ${HOURS} h of journal scrubbed in ${SCRUB_STEPS} steps, one each frame`,
        rows: scrubs.map((s) => s.frames),
      },
      {
        title: 'console: a moment of the day replayed exactly, where a scrub rests',
        rows: scrubs.map((s) => s.moments),
      },
    ];
  } finally {
    await browser.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)] ?? Number.NaN;

function weights(): Row[] {
  const files = [...loadAssets().byUrl].map(([url, { plain, gzip, brotli }]) => ({
    file: url,
    plain: plain.length,
    gzip: gzip.length,
    brotli: brotli.length,
  }));
  const sum = (of: 'plain' | 'gzip' | 'brotli') => files.reduce((n, f) => n + f[of], 0);
  return [...files, { file: 'all', plain: sum('plain'), gzip: sum('gzip'), brotli: sum('brotli') }];
}

async function firstPaints(browser: TestBrowser): Promise<Row[]> {
  const stage = await openStage();
  stage.allUp();
  const painted: number[] = [];
  const known: number[] = [];
  for (let n = 0; n < LOADS; n += 1) {
    const { page, close } = await browser.page({ viewport: { width: 1440, height: 1000 } });
    await page.goto(stage.url);
    await page.locator('#state', { hasText: 'Normal' }).waitFor();
    painted.push(Number(await page.evaluate(PAINTED)));
    known.push(Number(await page.evaluate('performance.now()')));
    await close();
  }
  await stage.close();
  return [
    { what: 'first contentful paint, ms', p50: quantile(painted, 0.5), max: Math.max(...painted) },
    { what: 'the state is on the page, ms', p50: quantile(known, 0.5), max: Math.max(...known) },
  ];
}

const PAINTED = `performance.getEntriesByName('first-contentful-paint')[0].startTime`;

/** How late the loop's own timers are with and without pages, and what one scene takes. */
async function loopCost(scvms: number): Promise<Row> {
  const stage = await openStage({ settings: manyScvms(scvms, (n) => `scvm${n}`) });
  stage.allUp();
  const alone = await delays();
  const ended = new AbortController();
  const readers = Array.from({ length: READERS }, () => read(stage, ended.signal));
  const shown = await delays();
  ended.abort();
  const bytes = await Promise.all(readers);
  const sceneMs = median(() => JSON.stringify(sceneOf(stage.loop.state(), 0, noChain, Number)));
  await stage.close();
  return {
    paths: stage.settings.paths.length,
    sceneMs,
    'late p99 ms, no page': alone.p99,
    'late max ms, no page': alone.max,
    [`late p99 ms, ${READERS} pages`]: shown.p99,
    [`late max ms, ${READERS} pages`]: shown.max,
    'kB/s each': Math.round((bytes[0] ?? 0) / 1024 / (LOOP_MS / 1000)),
  };
}

function median(work: () => unknown): number {
  const times = Array.from({ length: 50 }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return quantile(times, 0.5);
}

async function delays(): Promise<{ p99: number; max: number }> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, LOOP_MS));
  histogram.disable();
  // The histogram counts the whole sleep of its own timer.
  const late = (ns: number): number => Math.max(0, ns / 1e6 - 5);
  return { p99: late(histogram.percentile(99)), max: late(histogram.max) };
}

/** Bytes of one stream until the end. */
async function read(stage: Stage, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  try {
    const answer = await fetch(`${stage.url}/api/stream`, { signal });
    for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return bytes;
}

async function scrub(
  browser: TestBrowser,
  dir: string,
  { day, everyMin }: Day,
): Promise<{ frames: Row; moments: Row }> {
  const { bytes, facts } = writeDay(join(dir, 'journal'), everyMin);
  const stage = await openStage({ dir });
  stage.allUp();
  const began = performance.now();
  const entries = (await (await fetch(`${stage.url}/api/timeline`)).text()).split('"type"').length;
  const timelineMs = performance.now() - began;
  const { page, close } = await browser.page({ viewport: { width: 1440, height: 1000 } });
  await page.goto(stage.url);
  await page.locator('#story li').first().waitFor();
  await page.locator('[data-span="86400000"]').click();
  const { frames, tasks } = await drag(page);
  const moments: number[] = [];
  for (let n = 0; n < MOMENTS; n += 1) {
    const back = ((n * 7919) % 1000) / 1000;
    const at = Math.round(Date.now() - back * (HOURS - 0.5) * 3_600_000);
    const asked = performance.now();
    const answer = (await (await fetch(`${stage.url}/api/moment?at=${at}`)).json()) as {
      ok: boolean;
    };
    if (answer.ok) moments.push(performance.now() - asked);
  }
  await close();
  await stage.close();
  return {
    frames: {
      day,
      'journal MB': Math.round(bytes / 1e6),
      facts,
      entries,
      timelineMs,
      frames: frames.length,
      'frame p50 ms': quantile(frames, 0.5),
      'frame p99 ms': quantile(frames, 0.99),
      'frame max ms': Math.max(...frames),
      'frames over 100 ms': frames.filter((ms) => ms > 100).length,
      'CPU per frame ms': tasks.reduce((sum, ms) => sum + ms, 0) / frames.length,
      'longest task, CPU ms': tasks.reduce((most, ms) => Math.max(most, ms), 0),
    },
    moments: {
      day,
      moments: moments.length,
      'p50 ms': quantile(moments, 0.5),
      'p90 ms': quantile(moments, 0.9),
      'max ms': Math.max(...moments),
    },
  };
}

interface Traced {
  readonly frames: readonly number[];
  /** Processor time of each task of the page's thread, ms. */
  readonly tasks: readonly number[];
}

/**
 * Frames are wall time, as a reader sees them; on a machine that is busy otherwise a long one may be
 * that machine's. What the page itself took is in the trace, as processor time.
 */
async function drag(page: Page): Promise<Traced> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the browser is gone');
  await browser.startTracing(page, { categories: ['toplevel'] });
  const frames = (await page.evaluate(DRAG)) as number[];
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    traceEvents: readonly TraceEvent[];
  };
  const threadOf = (e: TraceEvent): string => `${e.pid}/${e.tid}`;
  const pages = new Set(traceEvents.filter((e) => e.args?.name === 'CrRendererMain').map(threadOf));
  const tasks = traceEvents.filter((e) => e.name.endsWith('RunTask') && pages.has(threadOf(e)));
  return { frames, tasks: tasks.map((e) => (e.tdur ?? 0) / 1000) };
}

/** Trace Event Format; `tdur`: thread time, microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Moves the slider by one step each frame, from now to a day ago; the frames' times, ms. */
const DRAG = `new Promise((resolve) => {
  const slider = document.getElementById('scrub');
  const frames = [];
  let last = performance.now();
  let step = ${SCRUB_STEPS};
  const move = (now) => {
    frames.push(now - last);
    last = now;
    if (step <= 0) return resolve(frames.slice(1));
    step -= 1;
    slider.value = String(step);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
})`;

/** One fault after the other, of one SCVM and the next; a new segment every eight hours. */
function writeDay(dir: string, everyMin: number): { bytes: number; facts: number } {
  const day = record(dir, Date.now() - HOURS * 3_600_000);
  const count = (HOURS * 60) / everyMin;
  const upS = 40 * everyMin;
  const downS = Math.min(180, 10 * everyMin);
  day.say('route via scvm1/data', 'boot');
  for (let n = 1; n <= count; n += 1) {
    const scvm = `scvm${((n - 1) % 3) + 1}`;
    day.say(`run ${upS}s`, `power ${scvm} off`, `run ${downS}s`, `power ${scvm} on`);
    // The last one ends a little before now.
    day.say(`run ${60 * everyMin - upS - downS - (n === count ? 20 : 0)}s`);
    if (n % (count / 3) === 0 && n < count) day.say('segment');
  }
  const bytes = listSegments(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  return { bytes, facts: day.facts() };
}
