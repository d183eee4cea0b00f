/**
 * The chart's named delays, ms, read once when their state is entered. All are finite and >= 0.
 */

import { type Context, wellForMs } from './context.ts';
import { holdMs } from './hold.ts';

/** Bound on refreshing the record before a switch: it must not hold up the route. */
const ANNOUNCE_MS = 500;
/** The record writer's own bound is its timeout over several servers; beyond this it is lost. */
const RECORD_MS = 15_000;

export const warmUp = (c: Context): number => c.settings.timers.warmUpMs;

/** What is left of home's hold, from when home became well. */
export const holdLeft = (c: Context): number =>
  Math.max(0, Math.ceil(holdMs(c.memory.relapses, c.settings) - wellForMs(c)));

export const announceBound = (): number => ANNOUNCE_MS;

/** Twice the command's own deadline (set, then read back) and a margin: the hand answers first. */
export const confirmBound = (c: Context): number => 2 * c.settings.switch.commandDeadlineMs + 1000;

/** 200 ms doubling with each attempt, at most 5 s. */
export const retryPause = (c: Context): number =>
  Math.min(5000, 200 * 2 ** Math.max(0, (c.goal?.attempts ?? 1) - 1));

export const recordBound = (): number => RECORD_MS;

/** 1 s doubling with each refusal, at most 10 s. */
export const recordPause = (c: Context): number =>
  Math.min(10_000, 1000 * 2 ** Math.max(0, c.record.refusals - 1));
