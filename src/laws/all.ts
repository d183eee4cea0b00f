/** All laws of BEHAVIOUR.md section 3, one file each: the oracles of every run. */

import type { Settings } from '../machines/settings.ts';
import { createJury } from './jury.ts';
import { reach } from './l1-reach.ts';
import { homeAgain } from './l2-home.ts';
import { settled } from './l3-settled.ts';
import type { LawMaker } from './law.ts';
import { oneRoute } from './s1-one-route.ts';
import { noBlindSwitch } from './s2-no-blind-switch.ts';
import { leaderAway } from './s3-leader-away.ts';
import { noEarlyReturn } from './s4-no-early-return.ts';
import { boundedFlapping } from './s5-bounded-flapping.ts';
import { acknowledgedRecord } from './s6-acknowledged-record.ts';
import { operatorFirst } from './s7-operator-first.ts';
import { orderIsNotFact } from './s8-order-is-not-fact.ts';
import { explained } from './s9-explained.ts';
import type { Entry, Violation } from './trace.ts';

export const lawMakers: readonly LawMaker[] = [
  oneRoute,
  noBlindSwitch,
  leaderAway,
  noEarlyReturn,
  boundedFlapping,
  acknowledgedRecord,
  operatorFirst,
  orderIsNotFact,
  explained,
  reach,
  homeAgain,
  settled,
];

/**
 * Every breach in a whole trace, in order. What a step left undone shows at the next fact: end a
 * trace with one.
 */
export function checkTrace(settings: Settings, entries: Iterable<Entry>): Violation[] {
  const jury = createJury(settings, lawMakers);
  const found: Violation[] = [];
  for (const entry of entries) found.push(...jury.see(entry));
  return found;
}
