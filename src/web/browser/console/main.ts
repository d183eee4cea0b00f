/**
 * The console's page: one moment is shown at a time, now or a time of the past, and every part of
 * the page is told of it. What comes over the stream keeps the now and the tape; a scrub reads the
 * tape at once and asks the daemon for the exact moment when it rests.
 */

import type { Entry, Hello, Moment, Scene, StreamEvents, Timeline, Traffic } from '../../shapes.ts';
import { createAlarms } from './alarms.ts';
import { createBand } from './band.ts';
import { createChart } from './chart.ts';
import { createClock } from './clock.ts';
import { byId, h, setAttribute, setHidden, setText } from './dom.ts';
import { openFeed } from './feed.ts';
import { createMap } from './map.ts';
import { createNow } from './now.ts';
import { createPaths } from './paths.ts';
import { createRecord } from './record.ts';
import { type Shown, shownScene, shownThen } from './shown.ts';
import { createSteer } from './steer.ts';
import { createStory } from './story.ts';
import { createTape } from './tape.ts';
import { createTheme } from './theme.ts';
import { createTraffic } from './traffic.ts';
import { createWhy } from './why.ts';
import { clockTime, STATE_WORDS, span, topOf, zone } from './words.ts';

const clock = createClock();
const tape = createTape();
const traffic = createTraffic();
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
/** The time of the past that is shown; null: now. */
let pastMs: number | null = null;
/** The replayed moment at `pastMs`, once it came. */
let replayed: Moment | null = null;
let shown: Shown | null = null;
let goneSinceMs: number | null = null;
let drawing = 0;
/** What was said aloud is there for so long. */
const SAID_MS = 15_000;

const on: { readonly [T in keyof StreamEvents]: (body: StreamEvents[T]) => void } = {
  hello(next) {
    back();
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
    if (pastMs === null) paths.traffic(traffic.now());
  },
  told(entries) {
    if (early) early.push(...entries);
    else tape.append(entries);
    redraw();
  },
  missed: () => void fetchPast(),
};

/** What the stream tells while the timeline is being fetched. */
let early: Entry[] | null = null;

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
    const text = error instanceof Error ? error.message : String(error);
    setText(byId('past-problem'), `The past could not be read: ${text}`);
  }
  early = null;
  redraw();
}

async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, signal ? { signal } : {});
  const body: unknown = await answer.json();
  if (answer.ok) return body as T;
  throw new Error((body as { says?: string }).says ?? `status ${answer.status}`);
}

let asking: AbortController | null = null;
let rest = 0;
/** A scrub rests this long before the exact moment is asked for. */
const REST_MS = 120;

function goTo(wallMs: number | null): void {
  pastMs = wallMs === null ? null : Math.min(wallMs, clock.wallMs());
  replayed = null;
  asking?.abort();
  clearTimeout(rest);
  if (pastMs !== null) rest = window.setTimeout(() => void fetchMoment(), REST_MS);
  redraw();
}

async function fetchMoment(): Promise<void> {
  const at = pastMs;
  if (at === null) return;
  const own = new AbortController();
  asking = own;
  try {
    const moment = await ask<Moment>(`/api/moment?at=${Math.round(at)}`, own.signal);
    if (pastMs === at) replayed = moment;
  } catch (error) {
    if (own.signal.aborted || pastMs !== at) return;
    replayed = { ok: false, says: error instanceof Error ? error.message : String(error) };
  }
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
  showPast();
  now.show(shown, sinceMs(shown));
  alarms(shown);
  map(shown);
  why.show(shown);
  record(shown);
  paths.show(shown);
  const at = pastMs ?? Number.POSITIVE_INFINITY;
  chart.show(shown, (region) => tape.before(at, 1, (e) => isOf(e, region))[0] ?? null);
  story.show(at);
  steer.show(goneSinceMs === null ? shown : null);
  paths.traffic(pastMs === null ? traffic.now() : replayed?.ok ? replayed.traffic : null);
  nameThings(shown);
  tick();
}

/** When the state that is shown was entered, whatever of its inner states came after. */
function sinceMs({ regions }: Shown): number | null {
  const state = topOf(regions.access ?? '');
  const enters = (e: Entry): boolean =>
    isOf(e, 'access') && 'from' in e && e.from !== null && topOf(e.from) !== state;
  return tape.before(pastMs ?? Number.POSITIVE_INFINITY, 1, enters)[0]?.wallMs ?? null;
}

function showBand(): void {
  const isGone = goneSinceMs !== null;
  band.show(pastMs, isGone && live ? live.wallMs : clock.wallMs(), isGone);
}

const isOf = (entry: Entry, region: string): boolean =>
  entry.type === 'NOTE_TRANSITION' && entry.region === region;

function whatIsShown(): Shown | null {
  if (pastMs === null) return live && shownScene(live, true, clock.atMs);
  if (replayed?.ok) return shownScene(replayed.scene, false, clock.atMs);
  return shownThen(tape.at(pastMs), pastMs, live);
}

function showPast(): void {
  const isPast = pastMs !== null;
  document.body.classList.toggle('is-past', isPast);
  setHidden(byId('past'), !isPast);
  if (pastMs === null) return;
  const at = `${clockTime(pastMs)}, ${span(clock.wallMs() - pastMs)} ago.`;
  const detail = replayed
    ? replayed.ok
      ? replayed.doubt && ` Careful: ${replayed.doubt}.`
      : ` ${replayed.says}.`
    : ' Replaying the journal for the details…';
  setText(byId('past-text'), at + detail);
}

function nameThings({ regions, scene }: Shown): void {
  const host = live?.status.host ?? '';
  setText(byId('host'), host);
  setAttribute(byId('host'), 'title', host);
  const state = STATE_WORDS[topOf(regions.access ?? '')] ?? '';
  document.title = `${pastMs === null ? '' : 'Past: '}${state} – ${host}`;
  if (!hello || !scene) return;
  const words = [`reroute ${hello.version}`, `pid ${hello.pid}`];
  words.push(`started ${clockTime(hello.startedWallMs)}`, `times in ${zone()}`);
  setText(byId('foot'), words.join(' · '));
}

/** What counts down does so between two scenes as well; never while the daemon is gone. */
function tick(): void {
  if (!shown || (goneSinceMs !== null && pastMs === null)) return;
  now.tick(shown);
  why.tick(shown);
  chart.tick(shown);
}
setInterval(() => {
  tick();
  showBand();
  if (pastMs !== null) showPast();
}, 250);

function gone(says: string): void {
  goneSinceMs ??= clock.wallMs();
  document.body.classList.add('is-gone');
  setAttribute(byId('link'), 'data-link', 'gone');
  setText(byId('link-text'), 'no answer');
  setHidden(byId('gone'), false);
  const what = live ? ` What you see is as of ${clockTime(live.wallMs)}.` : '';
  setText(byId('gone-text'), `${says} The route stays where it is.${what} Trying again.`);
  redraw();
}

function back(): void {
  goneSinceMs = null;
  document.body.classList.remove('is-gone');
  setAttribute(byId('link'), 'data-link', 'live');
  setText(byId('link-text'), 'live');
  setHidden(byId('gone'), true);
}

/** The daemon was updated under this page. A dialog is finished first. */
function reload(): void {
  if (!steer.isOpen()) location.reload();
  else byId('dialog').addEventListener('close', () => location.reload(), { once: true });
}

/** Said aloud by a screen reader. What was said just before must not be cut off by it. */
function announce(says: string): void {
  const line = h('p', '', says);
  byId('says').append(line);
  setTimeout(() => line.remove(), SAID_MS);
}

function announceChange(was: Scene, is: Scene): void {
  const [from, to] = [was.status.state, is.status.state];
  if (from !== to) announce(`The state is ${STATE_WORDS[to] ?? to}, target ${is.status.target}.`);
  const fresh = Object.entries(is.status.alarms).find(([name]) => !(name in was.status.alarms));
  if (fresh) announce(`Alarm ${fresh[0].replaceAll('_', ' ')}: ${fresh[1]}`);
}

createTheme(() => paths.redraw());
openFeed({
  event: (name, body) => on[name](body),
  gone,
});
