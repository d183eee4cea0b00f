/**
 * Region *record*: the session record at the leader (DOMAIN.md section 4). After each change of
 * route, local session or own addresses it is refreshed until acknowledged; it never holds up the
 * route.
 */

import { vocabulary } from '../setup.ts';

// Relative targets: a re-entry of the region itself would exit its parallel siblings as well.
const toAsking = { actions: 'oweRecord', target: '.Asking' } as const;

export const record = vocabulary.createStateConfig({
  description: "Does the leader know this host's addresses?",
  initial: 'Unlisted',
  on: {
    MOVED: [
      { guard: 'canRecord', ...toAsking },
      { actions: 'oweRecord', target: '.Unlisted' },
    ],
    // Only a switch that can be announced asks for it.
    RECORD_WANTED: toAsking,
  },
  states: {
    Unlisted: {
      description: 'No local session is listed (or shadow): nobody to tell',
      on: { JUDGED: { guard: 'recordOwed', target: 'Asking' } },
    },
    Asking: {
      description: 'Refresh sent, answer awaited',
      entry: ['oweRecord', 'numberRecord', 'orderRecord'],
      on: {
        RECORD_ACKNOWLEDGED: { guard: 'recordAnswered', actions: 'noteAcked', target: 'Current' },
        RECORD_REFUSED: {
          guard: 'recordAnswered',
          actions: 'noteRecordRefused',
          target: 'Retrying',
        },
        JUDGED: { guard: 'recordChanged', target: 'Asking', reenter: true },
      },
      after: { recordBound: { actions: 'noteRecordRefused', target: 'Retrying' } },
    },
    Retrying: {
      description: 'Not acknowledged; asks again after a pause',
      on: { JUDGED: { guard: 'recordChanged', target: 'Asking' } },
      after: { recordPause: [{ guard: 'canRecord', target: 'Asking' }, { target: 'Unlisted' }] },
    },
    Current: {
      description: 'Acknowledged for this session and these addresses',
      entry: 'judge',
      on: { JUDGED: { guard: 'recordOwed', target: 'Asking' } },
    },
  },
});
