/**
 * Region *access*: where this host's I/O goes, and the only place where a switch is decided.
 * A decision sets the goal and raises SWITCH; the state changes only when the kernel's table was
 * read back (MOVED), because an order is not a fact.
 */

import { vocabulary } from '../setup.ts';

export const access = vocabulary.createStateConfig({
  description: 'Which access point serves this host',
  initial: 'Degraded',
  on: {
    MOVED: [
      { guard: 'homeServes', target: '.Normal' },
      { guard: 'homeWaits', target: '.BackToNormal' },
      { guard: 'otherServes', target: '.Rerouted' },
      { target: '.Degraded.Doubting' },
    ],
  },
  states: {
    Normal: {
      description: 'The route is at home, and home is up',
      entry: 'judge',
      on: { JUDGED: { guard: 'targetInDoubt', target: 'Degraded.Doubting' } },
    },
    Degraded: {
      description: 'The target is in doubt, or down with nothing better up',
      initial: 'WarmingUp',
      states: {
        WarmingUp: {
          description: 'After the start: the route that is there stays while we watch',
          on: { MOVED: {} },
          after: { warmUp: 'Doubting' },
        },
        Doubting: {
          description: 'Probing is fast; nothing has moved yet',
          entry: 'judge',
          on: {
            JUDGED: [
              { guard: 'homeServes', target: '#controller.access.Normal' },
              { guard: 'homeWaits', target: '#controller.access.BackToNormal' },
              { guard: 'otherServes', target: '#controller.access.Rerouted' },
              { guard: 'mayFailOver', actions: ['chooseFailover', 'startSwitch'] },
              { guard: 'mayReturn', actions: ['chooseReturn', 'startSwitch'] },
            ],
          },
        },
      },
    },
    Rerouted: {
      description: 'The route is away from home, and its target is up',
      entry: 'judge',
      on: {
        JUDGED: [
          { guard: 'homeWaits', target: 'BackToNormal' },
          { guard: 'targetInDoubt', target: 'Degraded.Doubting' },
          { guard: 'mayPrefer', actions: ['choosePreference', 'startSwitch'] },
        ],
      },
    },
    BackToNormal: {
      description: 'Away from home; home is up again and serves its hold',
      initial: 'Holding',
      entry: ['noteHold', 'judge'],
      on: {
        JUDGED: [
          { guard: 'homeFailed', actions: 'countRelapse', target: 'Rerouted' },
          { guard: 'homeUnknown', target: 'Rerouted' },
          {
            guard: 'homeRestarted',
            actions: 'countRelapse',
            target: 'BackToNormal',
            reenter: true,
          },
          { guard: 'mayFailOver', actions: ['chooseFailover', 'startSwitch'] },
          { guard: 'mayPrefer', actions: ['choosePreference', 'startSwitch'] },
        ],
      },
      states: {
        Holding: {
          description: 'back_to_normal x relapse_factor^relapses must pass without a bad signal',
          after: { holdLeft: 'Due' },
        },
        Due: {
          description: 'Hold served; waits for return_guard, dwell, budget and the operator',
          entry: 'judge',
          on: { JUDGED: { guard: 'mayReturn', actions: ['chooseReturn', 'startSwitch'] } },
        },
      },
    },
  },
});
