/**
 * Region *route*: where the kernel's route stands. Carries a goal out (BEHAVIOUR.md section 4) and
 * believes only what the table said when it was read back. Foreign changes are noticed here.
 */

import { vocabulary } from '../setup.ts';

const confirmed = [
  {
    guard: 'tableConfirmsAndBreaks',
    actions: ['noteTable', 'noteSwitch', 'orderBreak', 'arrive', 'orderReport', 'moved'],
    target: '#controller.route.Settled',
  },
  {
    guard: 'tableConfirms',
    actions: ['noteTable', 'noteSwitch', 'arrive', 'orderReport', 'moved'],
    target: '#controller.route.Settled',
  },
] as const;

export const route = vocabulary.createStateConfig({
  description: "Where the kernel's route stands",
  initial: 'Settled',
  states: {
    Settled: {
      description: 'No switch is under way; a foreign change is repaired',
      entry: 'judge',
      on: {
        SWITCH: [
          { guard: 'leavesUpPath', target: 'Switching.Announcing' },
          { target: 'Switching.Installing' },
        ],
        ROUTE_READ: [
          { guard: 'mustWatch', actions: ['noteTable', 'adopt', 'moved'] },
          { guard: 'mustAdopt', actions: ['noteTable', 'adopt', 'orderReport', 'moved'] },
          { actions: ['noteTable', 'judge'] },
        ],
        ROUTE_UNREADABLE: { actions: 'noteTable' },
        JUDGED: { guard: 'mayRepair', actions: ['chooseRepair', 'startSwitch'] },
      },
    },
    Switching: {
      description: 'Ordered, not yet read back',
      initial: 'Installing',
      states: {
        Announcing: {
          description: 'Leaving a path that is up: the session record first, within a bound',
          entry: 'wantRecord',
          on: {
            RECORD_ACKNOWLEDGED: { guard: 'mayInstall', target: 'Installing' },
            RECORD_REFUSED: { guard: 'mayInstall', target: 'Installing' },
            JUDGED: {
              guard: 'goalSpoiled',
              actions: 'dropGoal',
              target: '#controller.route.Settled',
            },
            ROUTE_READ: { actions: 'noteTable' },
            ROUTE_UNREADABLE: { actions: 'noteTable' },
          },
          after: {
            // Still up: had it not been, it would have been given up with the evidence for that.
            announceBound: 'Installing',
          },
        },
        Installing: {
          description: 'Replace the route in one step, then read it back',
          entry: ['numberRoute', 'orderRoute'],
          on: {
            ROUTE_READ: [
              ...confirmed,
              {
                guard: 'answerDiffers',
                actions: ['noteTable', 'noteFailure'],
                target: '#controller.route.Unconfirmed',
              },
              { actions: 'noteTable' },
            ],
            ROUTE_UNREADABLE: [
              {
                guard: 'answerDiffers',
                actions: ['noteTable', 'noteFailure'],
                target: '#controller.route.Unconfirmed',
              },
              { actions: 'noteTable' },
            ],
            ROUTE_REFUSED: {
              guard: 'answerDiffers',
              actions: 'noteFailure',
              target: '#controller.route.Unconfirmed',
            },
          },
          after: {
            confirmBound: { actions: 'noteFailure', target: '#controller.route.Unconfirmed' },
          },
        },
      },
    },
    Unconfirmed: {
      description: 'The order failed or could not be read back; it is retried while it makes sense',
      entry: 'judge',
      on: {
        ROUTE_READ: [...confirmed, { actions: 'noteTable' }],
        ROUTE_UNREADABLE: { actions: 'noteTable' },
        JUDGED: {
          guard: 'goalSpoiled',
          actions: ['dropGoal', 'numberRead', 'orderRead'],
          target: 'Settled',
        },
      },
      after: {
        retryPause: [
          { guard: 'goalIsUp', target: 'Switching.Installing' },
          { target: 'Unconfirmed', reenter: true },
        ],
      },
    },
  },
});
