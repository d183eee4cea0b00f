/**
 * Delays for people: a length of time in its largest fitting unit, and how each named delay comes
 * about in the configuration's own words. The values themselves are computed by the machine; a
 * delay without a sentence here does not compile.
 */

import type * as delays from '../machines/delays.ts';
import type { Settings } from '../machines/settings.ts';

type DelayName = keyof typeof delays;

/** 180000 -> `3 min`, 7200000 -> `2 h`, 90000 -> `90 s`, 500 -> `500 ms`. */
export function writeSpan(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const fits = ms > 0 ? units.find(([size]) => ms % size === 0) : undefined;
  return fits ? `${ms / fits[0]} ${fits[1]}` : `${ms} ms`;
}

const FORMULAS: Readonly<Record<DelayName, (s: Settings) => string>> = {
  warmUp: () => 'warm_up',
  holdLeft: ({ timers }) =>
    `back_to_normal x ${timers.relapseFactor}^relapses, at most ${writeSpan(timers.backToNormalMaxMs)}`,
  announceBound: () => 'fixed',
  confirmBound: () => '2 x command_deadline + 1 s',
  retryPause: () => 'doubling up to 5 s',
  recordBound: () => 'fixed',
  recordPause: () => 'doubling up to 10 s',
};

export function formulaOf(name: string, settings: Settings): string {
  const formula = Object.entries(FORMULAS).find(([known]) => known === name)?.[1];
  if (!formula) throw new Error(`delay ${name} has no formula to show`);
  return formula(settings);
}
