/**
 * The statechart: the daemon's decision, the reviewers' diagram and the simulator's model are this
 * one object. Four decisions run side by side over one context, and a fifth region folds evidence
 * in. Regions never look at each other's state, only at the context.
 */

import type { Context } from './context.ts';
import { noRecord } from './context.ts';
import { access } from './regions/access.ts';
import { record } from './regions/record.ts';
import { route } from './regions/route.ts';
import { steering } from './regions/steering.ts';
import { type ChartInput, vocabulary } from './setup.ts';

const evidence = vocabulary.createStateConfig({
  description: 'Folds evidence into the context; then every region looks again',
  initial: 'Watching',
  states: {
    Watching: {
      description: 'Evidence in',
      on: {
        PROBE: { actions: ['believe', 'judge'] },
        SESSION: { actions: ['believe', 'judge'] },
        TICK: { actions: ['believe', 'judge'] },
        RELOADED: { actions: ['adoptSettings', 'moved'] },
        CONNECTIONS_BROKEN: { actions: 'noteConnections' },
        CONNECTIONS_KEPT: { actions: 'noteConnections' },
      },
    },
  },
});

/** Undefined input: XState builds a throw-away context on each pure transition. */
function initialContext(input: ChartInput | undefined): Context {
  const nowMs = input?.nowMs ?? 0;
  return {
    settings: (input?.settings ?? null) as ChartInput['settings'],
    nowMs,
    run: {
      startedAtMs: nowMs,
      shadow: input?.shadow ?? false,
      heldFromMs: nowMs,
      repairedAtMs: [],
      keptError: '',
    },
    paths: [],
    target: null,
    table: { kind: 'unread' },
    goal: null,
    memory: input?.memory as ChartInput['memory'],
    record: noRecord,
    lastOrderId: 0,
  };
}

export const controller = vocabulary.createMachine({
  id: 'controller',
  description: "Keeps a host's NFS route on a living storage controller VM",
  type: 'parallel',
  context: ({ input }) => initialContext(input),
  states: { evidence, access, steering, route, record },
});
