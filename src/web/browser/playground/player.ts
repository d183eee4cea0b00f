/**
 * Time as the reader moves it: a script, its recording, and a place in it. Running, stepping and
 * scrubbing move the place; a click cuts off what came later and goes on from there. The recording
 * is made in small portions (`work`), so a long script never stops the page. Knows no DOM and no
 * clock: real time is given to it.
 */

import { movesOf } from '../../../machines/explain.ts';
import type { Settings } from '../../../machines/settings.ts';
import { createRecording, type Frame, lastBefore, type Recording, type Step } from './recording.ts';
import { clicked, dropped, empty, LAST_MS, type Script, withSet } from './script.ts';

/** `auto`: quick while nothing happens, slow where something does; else simulated per real time. */
export type Speed = 'auto' | 1 | 10 | 60 | 300;
export const SPEEDS: readonly Speed[] = ['auto', 1, 10, 60, 300];

/** Where a fresh page stands: the daemon has watched, and the host is Normal. */
const FRESH_MS = 5000;
/** So far ahead `auto` looks for what comes next. */
const AHEAD_MS = 60_000;
/** A search for the next event gives up after this. */
const SEARCH_MS = 3_600_000;
/** Recorded at a time, between two looks at the clock. */
const PORTION_MS = 50;
const MOST_UNDOS = 50;

export interface View {
  readonly recording: Recording;
  readonly frame: Frame;
  readonly atMs: number;
  /** Position of the step at this place; -1: none yet. */
  readonly step: number;
}

export interface Player {
  script(): Script;
  recording(): Recording;
  /** What is to be shown: the reader's place, or while that is played again, the nearest there is. */
  view(): View;
  /** The reader's place, ms. */
  atMs(): number;
  isPlaying(): boolean;
  /** What is under way, for the reader; null: nothing. */
  busy(): 'playing again' | 'searching' | null;
  speed(): Speed;
  /** What to tell the reader; empty: nothing. */
  notice(): string;
  canUndo(): boolean;
  /** The step that the reader went to; null: whatever was last. */
  chosen(): number | null;
  load(script: Script, atMs?: number, step?: number | null): void;
  /** As a fresh page, with the settings that were chosen. */
  reset(): void;
  click(lines: readonly string[]): void;
  set(key: string, value: string | null): void;
  undo(): void;
  play(): void;
  pause(): void;
  setSpeed(speed: Speed): void;
  scrub(ms: number): void;
  next(): void;
  back(): void;
  /** To the step at this position. */
  goTo(position: number): void;
  /** Real time went on by so much. `nowMs` tells how long the work took, real ms. */
  run(realMs: number, budgetMs: number, nowMs: () => number): void;
}

export function createPlayer(base: Settings): Player {
  let script: Script = { ...empty, untilMs: FRESH_MS };
  let recording = createRecording(script, base);
  /** Shown until the new one has come as far. */
  let shown = recording;
  let atMs = FRESH_MS;
  let isPlaying = false;
  /** The reader stopped time himself: a click does not start it again. */
  let isHeld = false;
  let speed: Speed = 'auto';
  let searchFromMs: number | null = null;
  /** A step that the reader went to: others may have happened in the same ms. */
  let chosen: number | 'last click' | null = null;
  let notice = '';
  const undos: { readonly script: Script; readonly atMs: number }[] = [];

  const stopMs = (step: Step): number => Math.ceil(step.atMs);
  const isBehind = (): boolean => recording.endMs() < atMs;

  function use(next: Script, at: number, says = ''): void {
    const made = createRecording(next, base);
    if (!isBehind()) shown = recording;
    script = next;
    recording = made;
    atMs = at;
    searchFromMs = null;
    chosen = null;
    notice = says;
  }

  const stepAt = (): number =>
    typeof chosen === 'number' ? chosen : lastBefore(recording.steps, atMs);

  function choose(position: number): void {
    const step = recording.steps[position];
    if (!step) return;
    atMs = stopMs(step);
    chosen = position;
    searchFromMs = null;
  }

  function remember(): void {
    undos.push({ script, atMs });
    if (undos.length > MOST_UNDOS) undos.shift();
  }

  function goalMs(): number {
    if (searchFromMs !== null) return Math.min(searchFromMs + SEARCH_MS, LAST_MS);
    const ahead = isPlaying && speed === 'auto' ? atMs + AHEAD_MS : atMs;
    return Math.min(LAST_MS, Math.max(ahead, script.untilMs));
  }

  /** The next event that is recorded; null: none yet. */
  function nextStopMs(): number | null {
    const { steps } = recording;
    const next = steps[lastBefore(steps, atMs) + 1];
    return next ? stopMs(next) : null;
  }

  /** Looks whether what is waited for has been recorded. */
  function found(): void {
    if (isBehind()) return;
    const { steps } = recording;
    if (chosen === 'last click') chosen = steps.findLastIndex((s) => s.cue !== null);
    const step = chosen === null ? undefined : steps[chosen];
    if (!step || stopMs(step) !== atMs) chosen = null;
    if (searchFromMs === null) return;
    const next = stepAt() + 1;
    if (steps[next]) choose(next);
    else if (recording.endMs() >= goalMs()) {
      searchFromMs = null;
      notice = 'Nothing happens by itself in the next hour.';
    }
  }

  function work(budgetMs: number, nowMs: () => number): void {
    const startMs = nowMs();
    while (recording.endMs() < goalMs() && nowMs() - startMs < budgetMs) {
      recording.advance(Math.min(goalMs(), recording.endMs() + PORTION_MS));
      found();
    }
    found();
    if (!isBehind()) shown = recording;
  }

  /** Real ms for a gap of simulated time: 0.5 s for none, 1.6 s for three minutes. */
  const pace = (gapMs: number): number => 500 + 500 * Math.log10(1 + gapMs / 1000);

  function perRealMs(): number {
    if (speed !== 'auto') return speed;
    const from = recording.steps[lastBefore(recording.steps, atMs)];
    const toMs = nextStopMs() ?? atMs + AHEAD_MS;
    const gapMs = toMs - Math.max(from ? stopMs(from) : 0, toMs - SEARCH_MS);
    return Math.max(gapMs, 1) / pace(gapMs);
  }

  function pass(realMs: number): void {
    const wanted = Math.min(atMs + realMs * perRealMs(), LAST_MS);
    // Not further than the reader comes: his next click then goes on from here.
    if (speed !== 'auto') recording.advance(wanted);
    const next = speed === 'auto' ? (nextStopMs() ?? wanted) : wanted;
    const to = Math.min(wanted, next, recording.endMs());
    chosen = null;
    const ends = atMs < script.untilMs && to >= script.untilMs && script.cues.length > 0;
    atMs = ends ? script.untilMs : to;
    if (ends) stop('The end of this story: click on, or look back.');
    else if (atMs >= LAST_MS) stop('Two hours are recorded, and that is the end.');
    else if (isSettled()) stop('Settled: nothing more happens by itself. Click a fault.');
  }

  /** Nothing is recorded ahead, no timer runs, and no gate opens by time. */
  function isSettled(): boolean {
    const { state } = recording.at(atMs);
    if (speed !== 'auto' || atMs < script.untilMs || nextStopMs() !== null) return false;
    if (recording.endMs() < Math.min(atMs + AHEAD_MS / 2, LAST_MS)) return false;
    if (!state) return true;
    const waits = movesOf(state.snapshot.context).some((m) =>
      m.gates.some((g) => g.opensAtMs !== null && g.opensAtMs > atMs),
    );
    return state.timers.length === 0 && !waits;
  }

  function stop(says: string): void {
    isPlaying = false;
    notice = says;
  }

  const player: Player = {
    script: () => script,
    recording: () => recording,
    view() {
      if (isBehind()) {
        const ms = Math.min(atMs, shown.endMs());
        const step = lastBefore(shown.steps, ms);
        return { recording: shown, frame: shown.at(ms), atMs: ms, step };
      }
      const frame = typeof chosen === 'number' ? recording.ofStep(chosen) : recording.at(atMs);
      return { recording, frame, atMs, step: stepAt() };
    },
    atMs: () => atMs,
    chosen: () => (typeof chosen === 'number' ? chosen : null),
    isPlaying: () => isPlaying,
    busy: () => (isBehind() ? 'playing again' : searchFromMs === null ? null : 'searching'),
    speed: () => speed,
    notice: () => notice,
    canUndo: () => undos.length > 0,
    load(next, at = 0, step = null) {
      remember();
      use(next, at);
      chosen = step;
      isPlaying = false;
      isHeld = false;
    },
    reset() {
      player.load({ ...empty, sets: script.sets, untilMs: FRESH_MS }, FRESH_MS);
    },
    click(lines) {
      const at = Math.ceil(atMs);
      const lost = dropped(script, at);
      const next = lines.reduce((sofar, line) => clicked(sofar, at, line), script);
      if (next.cues.length !== script.cues.length - lost + lines.length) {
        notice = 'The script is full: nothing more can be clicked. Go back, or start over.';
        return;
      }
      remember();
      if (lost === 0 && recording.endMs() === at) {
        script = next;
        notice = '';
        for (const line of lines) recording.click(line);
      } else {
        const says = lost === 1 ? '1 later click was' : `${lost} later clicks were`;
        use(next, at, lost > 0 ? `${says} dropped. Undo brings them back.` : '');
      }
      atMs = at;
      chosen = 'last click';
      if (!isHeld) isPlaying = true;
      found();
    },
    set(key, value) {
      use(withSet(script, key, value), atMs);
    },
    undo() {
      const last = undos.pop();
      if (!last) return;
      use(last.script, last.atMs);
      isPlaying = false;
    },
    play() {
      isPlaying = true;
      isHeld = false;
      notice = '';
    },
    pause() {
      isPlaying = false;
      isHeld = true;
    },
    setSpeed(wanted) {
      speed = wanted;
    },
    scrub(ms) {
      isPlaying = false;
      isHeld = true;
      searchFromMs = null;
      chosen = null;
      atMs = Math.min(Math.max(0, ms), Math.max(recording.endMs(), script.untilMs));
    },
    next() {
      isPlaying = false;
      isHeld = true;
      notice = '';
      searchFromMs = atMs;
      found();
    },
    back() {
      const at = recording.steps[stepAt()];
      const isAtIt = at !== undefined && stopMs(at) >= atMs;
      const before = stepAt() - (isAtIt ? 1 : 0);
      if (before < 0) player.scrub(0);
      else player.goTo(before);
    },
    goTo(position) {
      player.scrub(atMs);
      choose(position);
    },
    run(realMs, budgetMs, nowMs) {
      work(budgetMs, nowMs);
      if (isPlaying && !isBehind()) pass(realMs);
    },
  };
  return player;
}
