/**
 * Region *steering*: how the operator steers. LOOP is automatic; ROUTE pins a target; paused
 * observes, reports and says what it would have done. Never overridden, except where the operator
 * allowed it (`failsafe`).
 */

import { vocabulary } from '../setup.ts';

export const steering = vocabulary.createStateConfig({
  description: 'How the operator steers',
  initial: 'Loop',
  states: {
    Loop: {
      description: 'LOOP: the controller decides',
      entry: 'judge',
      on: {
        START: [
          { guard: 'startsPaused', target: 'Paused' },
          { guard: 'hasPin', target: 'Route' },
        ],
        PIN_ASKED: { guard: 'askedPathIsUp', actions: 'setPin', target: 'Route' },
        PAUSE_ASKED: { actions: 'setPaused', target: 'Paused' },
      },
    },
    Route: {
      description: 'ROUTE: pinned to a target until released',
      entry: 'judge',
      on: {
        PIN_ASKED: { guard: 'askedPathIsUp', actions: 'setPin', target: 'Route', reenter: true },
        RELEASE_ASKED: { actions: 'clearPin', target: 'Loop' },
        PAUSE_ASKED: { actions: 'setPaused', target: 'Paused' },
        JUDGED: [
          { guard: 'pinGone', target: 'Loop' },
          { guard: 'pinExpired', actions: 'clearPin', target: 'Loop' },
          { guard: 'failsafeTrips', actions: 'clearPin', target: 'Loop' },
          { guard: 'mayPin', actions: ['choosePin', 'startSwitch'] },
        ],
      },
    },
    Paused: {
      description: 'Observes and reports; moves nothing',
      on: {
        RELEASE_ASKED: { actions: 'clearPin' },
        JUDGED: { guard: 'pinExpired', actions: 'clearPin' },
        RESUME_ASKED: [
          { guard: 'mayResumePinned', actions: 'clearPaused', target: 'Route' },
          { guard: 'mayResume', actions: 'clearPaused', target: 'Loop' },
        ],
      },
    },
  },
});
