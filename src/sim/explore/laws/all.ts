/** All laws that are checked on every edge. */

import type { EdgeLaw } from './edge.ts';
import { atOnce, homeAtOnce, meaning, settled } from './meaning.ts';
import { operatorFirst } from './operator.ts';
import { boundedFlapping, leaderAway, noEarlyReturn } from './preference.ts';
import { acknowledgedRecord } from './record.ts';
import { explained, noBlindSwitch, oneRoute, orderIsNotFact } from './switching.ts';

export const edgeLaws: readonly EdgeLaw[] = [
  oneRoute,
  noBlindSwitch,
  leaderAway,
  noEarlyReturn,
  boundedFlapping,
  acknowledgedRecord,
  operatorFirst,
  orderIsNotFact,
  explained,
  atOnce,
  homeAtOnce,
  settled,
  meaning,
];
