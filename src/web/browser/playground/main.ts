/**
 * The playground: the daemon's decision core and the simulator in a page, for who must judge the
 * state machine without reading code. One file, no request: everything it needs stands in it.
 */

import { h, render } from 'preact';
import { App } from './app.tsx';
import { linkOf, readLink } from './link.ts';
import { readPageData } from './page-data.ts';
import { createPlayer } from './player.ts';
import { scenarioOf } from './scenario.ts';

/** The page is drawn at most this often while time runs, and it may work so long between two. */
const DRAW_MS = 33;
const WORK_MS = 14;
/** A tab that was hidden does not catch up. */
const MOST_REAL_MS = 100;

const data = readPageData();
const root = document.getElementById('playground') as HTMLElement;
const player = createPlayer(data.base);
let problem = '';
let drawn = '';
let drawnAtMs = 0;
let lastMs = performance.now();

function draw(): void {
  drawnAtMs = performance.now();
  render(h(App, { data, player, act, link, scenario, problem }), root);
}

function act(does: () => void): void {
  problem = '';
  does();
  draw();
}

const state = () => ({ script: player.script(), atMs: player.atMs(), step: player.chosen() });
/** The fragment that the page gave itself. */
let given = '';
const link = (): string => {
  given = linkOf(state());
  location.hash = given;
  return new URL(given, location.href).href;
};

function scenario(): string {
  const { base, reference } = data;
  return scenarioOf(player.script(), Math.ceil(player.atMs()), base, reference);
}

/** Draws again when something shows that did not show before. */
function frame(): void {
  const nowMs = performance.now();
  player.run(Math.min(nowMs - lastMs, MOST_REAL_MS), WORK_MS, () => performance.now());
  lastMs = nowMs;
  const now = `${player.atMs()} ${player.recording().endMs()} ${player.isPlaying()} ${player.busy()} ${player.notice()}`;
  if (now !== drawn && nowMs - drawnAtMs >= DRAW_MS) {
    drawn = now;
    draw();
  }
  requestAnimationFrame(frame);
}

function openLink(): void {
  if (location.hash === given) return;
  const read = readLink(location.hash);
  if (read === null || !location.hash.startsWith('#v=')) {
    if (read !== null && !read.ok && !document.getElementById(location.hash.slice(1))) {
      problem = `This link cannot be read: ${read.problem}. The page begins afresh.`;
    }
    return;
  }
  if (read.ok) player.load(read.linked.script, read.linked.atMs, read.linked.step);
  else problem = `This link cannot be read: ${read.problem}. The page begins afresh.`;
}

/** Space runs and stops, arrows step, wherever no control of its own wants the key. */
function onKey(e: KeyboardEvent): void {
  const target = e.target as HTMLElement;
  if (e.defaultPrevented || e.ctrlKey || e.altKey || e.metaKey) return;
  if (target.closest('input, select, textarea, button, summary, a, [role=tabpanel]')) return;
  const keys: Readonly<Record<string, () => void>> = {
    ' ': () => (player.isPlaying() ? player.pause() : player.play()),
    ArrowRight: () => player.next(),
    ArrowLeft: () => player.back(),
  };
  const does = keys[e.key];
  if (!does) return;
  e.preventDefault();
  act(does);
}

openLink();
addEventListener('hashchange', () => {
  openLink();
  draw();
});
addEventListener('keydown', onKey);
document.documentElement.classList.add('live');
draw();
requestAnimationFrame(frame);
