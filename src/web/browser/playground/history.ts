/**
 * A recording seen from afar, for the time bar: which state the host was in from when to when, and
 * what was clicked and switched. Grows with the recording; nothing is counted twice.
 */

import { stateName } from '../../../machines/notes.ts';
import type { Frame, Recording } from './recording.ts';
import { type Top, topOf } from './words.ts';

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: Top;
}

export interface Mark {
  readonly atMs: number;
  readonly kind: 'click' | 'switch';
  readonly says: string;
}

export interface History {
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
}

interface Counted {
  frames: number;
  steps: number;
  readonly stretches: { fromMs: number; toMs: number; state: Top }[];
  readonly marks: Mark[];
}

const counted = new WeakMap<Recording, Counted>();

export const accessOf = (frame: Frame): string =>
  frame.state ? stateName(frame.state.snapshot.value, 'access') : 'Off';

export function historyOf(recording: Recording): History {
  const sofar = counted.get(recording) ?? { frames: 0, steps: 0, stretches: [], marks: [] };
  counted.set(recording, sofar);
  const frames = recording.frames();
  for (; sofar.frames < frames.length; sofar.frames += 1) {
    const frame = frames[sofar.frames];
    const last = sofar.stretches.at(-1);
    if (!frame) break;
    const state = topOf(accessOf(frame));
    if (last) last.toMs = frame.atMs;
    if (last?.state !== state) {
      sofar.stretches.push({ fromMs: frame.atMs, toMs: frame.atMs, state });
    }
  }
  for (; sofar.steps < recording.steps.length; sofar.steps += 1) {
    const step = recording.steps[sofar.steps];
    if (!step) break;
    if (step.cue !== null) sofar.marks.push({ atMs: step.atMs, kind: 'click', says: step.cue });
    const moved = step.lines.find((l) => l.type === 'NOTE_SWITCH');
    if (moved) sofar.marks.push({ atMs: step.atMs, kind: 'switch', says: moved.text });
  }
  const last = sofar.stretches.at(-1);
  if (last) last.toMs = recording.endMs();
  return sofar;
}

/** Lengths of the time bar: it grows in steps, so that it does not creep. */
const LENGTHS_S = [60, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200];

export const lengthMs = (endMs: number): number =>
  (LENGTHS_S.find((s) => s * 1000 >= endMs) ?? 7200) * 1000;

/** When a running timer was set. */
export function armedAtMs(recording: Recording, frame: Frame, id: string, dueMs: number): number {
  const frames = recording.frames();
  let at = frames.indexOf(frame);
  while (at > 0 && frames[at - 1]?.state?.timers.some((t) => t.id === id && t.atMs === dueMs)) {
    at -= 1;
  }
  return frames[at]?.atMs ?? frame.atMs;
}
