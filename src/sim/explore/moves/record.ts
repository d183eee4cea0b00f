/**
 * The leader and the local session. Prompt: a record is acknowledged at once, unless a switch waits
 * for it. Any: answers come, come late, or never; the session vanishes, comes back, or is new; own
 * addresses are lost. A change of addresses is to the chart what a new session is: another line.
 */

import { NEW_UUID, NO_IPS, OWN_IPS, RECORD_ID, STALE_ID, UUID } from '../canonical.ts';
import { namesOf } from '../player.ts';
import { NOW_MS } from '../scale.ts';
import type { Spot } from '../space.ts';
import type { Move, MoveMaker } from './move.ts';

const atMs = NOW_MS;
const isAsking = (spot: Spot): boolean => namesOf(spot.moment).record === 'Asking';
const isOpen = (spot: Spot): boolean => {
  const { record } = namesOf(spot.moment);
  return record === 'Asking' || record === 'Retrying';
};

const acknowledged: Move = {
  kind: 'record',
  says: 'the leader acknowledges the record',
  calm: 4,
  isOpen,
  play: (hand) => hand.pass({ type: 'RECORD_ACKNOWLEDGED', atMs, orderId: RECORD_ID }),
};

const refused: Move = {
  kind: 'record',
  says: 'the leader refuses the record',
  isOpen,
  play: (hand) => hand.pass({ type: 'RECORD_REFUSED', atMs, orderId: RECORD_ID, error: 'EBUSY' }),
};

const late: readonly Move[] = [
  {
    kind: 'late',
    says: 'the leader acknowledges an older record',
    isOpen: isAsking,
    play: (hand) => hand.pass({ type: 'RECORD_ACKNOWLEDGED', atMs, orderId: STALE_ID }),
  },
  {
    kind: 'late',
    says: 'the leader refuses an older record',
    isOpen: isAsking,
    play: (hand) => hand.pass({ type: 'RECORD_REFUSED', atMs, orderId: STALE_ID, error: 'EBUSY' }),
  },
];

const sessions: readonly Move[] = [
  {
    kind: 'session',
    says: 'the local session is not listed any more',
    isOpen: ({ moment }) => moment.context.record.uuid !== null,
    play: (hand) => hand.evidence('SESSION', { uuid: null }),
  },
  {
    kind: 'session',
    says: 'the local session is listed',
    isOpen: ({ moment }) => moment.context.record.uuid === null,
    play: (hand) => hand.evidence('SESSION', { uuid: UUID }),
  },
  {
    kind: 'session',
    says: 'the local session is a new one',
    isOpen: () => true,
    play: (hand) => hand.evidence('SESSION', { uuid: NEW_UUID }),
  },
  {
    kind: 'session',
    says: 'own addresses are known',
    isOpen: ({ moment }) => moment.context.record.clientIps.length === 0,
    play: (hand) => hand.evidence('PROBE', { ips: OWN_IPS }),
  },
  {
    kind: 'session',
    says: 'own addresses are lost',
    isOpen: ({ moment }) => moment.context.record.clientIps.length > 0,
    play: (hand) => hand.evidence('PROBE', { ips: NO_IPS }),
  },
];

export const recordMoves: MoveMaker = (scope) =>
  scope.record === 'prompt'
    ? [acknowledged, refused, ...late]
    : [acknowledged, refused, ...late, ...sessions];
