/**
 * The console's page: one moment is shown at a time, now or a time of the past, and every part of
 * the page is told of it. What comes over the stream keeps the now and the tape up to date; a scrub
 * reads the tape at once, and the exact moment when it came.
 */

import type { Entry, Hello, Scene, StreamEvents, Timeline, Traffic } from '../../shapes.ts';
import { createAlarms } from './alarms.ts';
import { ask, textOf } from './ask.ts';
import { createBand } from './band.ts';
import { createChart } from './chart.ts';
import { createClock } from './clock.ts';
import { byId, setAttribute, setText } from './dom.ts';
import { openFeed } from './feed.ts';
import { createMap } from './map.ts';
import { announce, announceChange, showBack, showGone, showPast } from './notices.ts';
import { createNow } from './now.ts';
import { createPast } from './past.ts';
import { createPaths } from './paths.ts';
import { createRecord } from './record.ts';
import { type Shown, shownScene, shownThen } from './shown.ts';
import { createSteer } from './steer.ts';
import { createStory } from './story.ts';
import { createTape, type Transition } from './tape.ts';
import { createTheme } from './theme.ts';
import { createTraffic } from './traffic.ts';
import { createWhy } from './why.ts';
import { clockTime, STATE_WORDS, topOf, zone } from './words.ts';

const clock = createClock();
const tape = createTape();
const traffic = createTraffic();
const past = createPast(redraw);
const goTo = (wallMs: number | null): void =>
  past.goTo(wallMs === null ? null : Math.min(wallMs, clock.wallMs()));
const now = createNow();
const alarms = createAlarms();
const map = createMap();
const why = createWhy();
const chart = createChart();
const record = createRecord();
const story = createStory(tape, goTo);
const band = createBand(tape, { goTo });
const steer = createSteer(announce);
const paths = createPaths(() => clock.wallMs() - clock.atMs());

/** The newest scene of the stream. */
let live: Scene | null = null;
let hello: Hello | null = null;
let shown: Shown | null = null;
let isGone = false;
let drawing = 0;
/** What the stream tells while the timeline is being fetched; null: it is not. */
let early: Entry[] | null = null;

const on: { readonly [T in keyof StreamEvents]: (body: StreamEvents[T]) => void } = {
  hello(next) {
    isGone = false;
    showBack();
    steer.hello(next);
    if (hello && hello.build !== next.build) reload();
    if (hello && hello.instance !== next.instance) {
      announce(`The daemon was started again at ${clockTime(next.startedWallMs)}.`);
    }
    hello = next;
    void fetchPast();
  },
  scene(scene) {
    if (live) announceChange(live, scene);
    live = scene;
    clock.set(scene);
    tape.reach(scene.wallMs);
    redraw();
  },
  traffic(step) {
    traffic.append(step);
    if (past.atMs() === null) paths.traffic(traffic.now());
  },
  told(entries) {
    if (early) early.push(...entries);
    else tape.append(entries);
    redraw();
  },
  missed: () => void fetchPast(),
};

async function fetchPast(): Promise<void> {
  early = [];
  try {
    const [timeline, recent] = await Promise.all([
      ask<Timeline>('/api/timeline'),
      ask<Traffic>('/api/traffic'),
    ]);
    tape.load(timeline);
    tape.append(early.filter((entry) => entry.atMs > timeline.toAtMs));
    traffic.load(recent);
    band.fit();
    setText(byId('past-problem'), '');
  } catch (error) {
    setText(byId('past-problem'), `The past could not be read: ${textOf(error)}`);
  }
  early = null;
  redraw();
}

/** At most one picture per frame. */
function redraw(): void {
  if (drawing === 0) drawing = requestAnimationFrame(draw);
}

function draw(): void {
  drawing = 0;
  shown = whatIsShown();
  showBand();
  if (!shown) return;
  const at = past.atMs() ?? Number.POSITIVE_INFINITY;
  now.show(shown, tape.lastOf('access', at, enters(shown.regions.access))?.wallMs ?? null);
  alarms(shown);
  map(shown);
  why.show(shown);
  record(shown);
  paths.show(shown);
  chart.show(shown, (region) => tape.lastOf(region, at));
  story.show(at);
  steer.show(isGone ? null : shown);
  const replayed = past.moment();
  paths.traffic(shown.isLive ? traffic.now() : replayed?.ok ? replayed.traffic : null);
  nameThings(shown);
  tick();
}

function whatIsShown(): Shown | null {
  const at = past.atMs();
  const moment = past.moment();
  if (at === null) return live && shownScene(live, true, clock.atMs);
  if (moment?.ok) return shownScene(moment.scene, false, clock.atMs);
  return shownThen(tape.at(at), at, live);
}

function showBand(): void {
  const at = past.atMs();
  band.show(at, isGone && live ? live.wallMs : clock.wallMs(), isGone);
  showPast(at, clock.wallMs(), past.moment());
}

/** Into this top state from another, whatever of its inner states came after. */
function enters(access = ''): (entry: Transition) => boolean {
  const state = topOf(access);
  return ({ from }) => topOf(from) !== state;
}

function nameThings({ regions, isLive }: Shown): void {
  const host = live?.status.host ?? '';
  setText(byId('host'), host);
  setAttribute(byId('host'), 'title', host);
  const state = STATE_WORDS[topOf(regions.access ?? '')] ?? '';
  const title = `${isLive ? '' : 'Past: '}${state} – ${host}`;
  if (document.title !== title) document.title = title;
  if (!hello) return;
  const words = [`reroute ${hello.version}`, `pid ${hello.pid}`];
  words.push(`started ${clockTime(hello.startedWallMs)}`, `times in ${zone}`);
  setText(byId('foot'), words.join(' · '));
}

/** What counts down does so between two scenes as well; never while the daemon is gone. */
function tick(): void {
  if (!shown || (isGone && shown.isLive)) return;
  now.tick(shown);
  why.tick(shown);
  chart.tick(shown);
}

/** The daemon was updated under this page. A dialog is finished first. */
function reload(): void {
  if (!steer.isOpen()) location.reload();
  else byId('dialog').addEventListener('close', () => location.reload(), { once: true });
}

const TICK_MS = 250;

setInterval(() => {
  tick();
  showBand();
}, TICK_MS);
createTheme(() => paths.redraw());
openFeed({
  event: (name, body) => on[name](body),
  gone(silence) {
    isGone = true;
    showGone(silence, live?.wallMs ?? null);
    redraw();
  },
});
