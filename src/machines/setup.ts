/**
 * The chart's vocabulary: every guard, action and delay by name, bound to pure functions. The
 * regions use names only; a name that is missing here fails the chart check at start
 * (`check-chart.ts`), because XState itself would fire a misspelt delay at once and skip a
 * misspelt action in silence.
 */

import { setup } from 'xstate';
import * as actions from './actions.ts';
import type { ChartEvent } from './chart-events.ts';
import type { Context } from './context.ts';
import * as delays from './delays.ts';
import * as give from './give.ts';
import * as guards from './guards.ts';
import type { Memory } from './model.ts';
import type { Order } from './orders.ts';
import type { Settings } from './settings.ts';

/** What a chart begins with. */
export interface ChartInput {
  readonly settings: Settings;
  readonly nowMs: number;
  readonly shadow: boolean;
  readonly memory: Memory;
}

interface Args {
  readonly context: Context;
  readonly event: ChartEvent;
}

const guard = (ask: (c: Context, e: ChartEvent) => boolean) => (a: Args) => ask(a.context, a.event);
const delay = (of: (c: Context) => number) => (a: Args) => of(a.context);

const base = setup({
  types: {
    context: {} as Context,
    events: {} as ChartEvent,
    emitted: {} as Order,
    input: {} as ChartInput,
  },
});

const change = (make: (c: Context, e: ChartEvent) => Partial<Context>) =>
  base.assign(({ context, event }) => make(context, event));
const order = (make: (c: Context) => Order) => base.emit(({ context }) => make(context));

export const vocabulary = setup({
  types: {
    context: {} as Context,
    events: {} as ChartEvent,
    emitted: {} as Order,
    input: {} as ChartInput,
  },
  guards: {
    targetInDoubt: guard(guards.targetInDoubt),
    homeServes: guard(guards.homeServes),
    homeWaits: guard(guards.homeWaits),
    otherServes: guard(guards.otherServes),
    homeIsUp: guard(guards.homeIsUp),
    homeFailed: guard(guards.homeFailed),
    homeUnknown: guard(guards.homeUnknown),
    homeRestarted: guard(guards.homeRestarted),
    mayFailOver: guard(guards.mayFailOver),
    mayReturn: guard(guards.mayReturn),
    mayPrefer: guard(guards.mayPrefer),
    mayRepair: guard(guards.mayRepair),
    mayPin: guard(guards.mayPin),
    startsPaused: guard(guards.startsPaused),
    hasPin: guard(guards.hasPin),
    mayResume: guard(guards.mayResume),
    mayResumePinned: guard(guards.mayResumePinned),
    pinGone: guard(guards.pinGone),
    pinExpired: guard(guards.pinExpired),
    failsafeTrips: guard(guards.failsafeTrips),
    askedPathIsUp: guard(guards.askedPathIsUp),
    leavesUpPath: guard(guards.leavesUpPath),
    tableConfirms: guard(guards.tableConfirms),
    tableConfirmsAndBreaks: guard(guards.tableConfirmsAndBreaks),
    answerDiffers: guard(guards.answerDiffers),
    goalIsUp: guard(guards.goalIsUp),
    mayInstall: guard(guards.mayInstall),
    goalSpoiled: guard(guards.goalSpoiled),
    mustAdopt: guard(guards.mustAdopt),
    mustWatch: guard(guards.mustWatch),
    canRecord: guard(guards.canRecord),
    recordOwed: guard(guards.recordOwed),
    recordChanged: guard(guards.recordChanged),
    recordAnswered: guard(guards.recordAnswered),
  },
  actions: {
    believe: change(actions.believe),
    adoptSettings: change(actions.adoptSettings),
    chooseFailover: change(actions.chooseFailover),
    chooseReturn: change(actions.chooseReturn),
    choosePreference: change(actions.choosePreference),
    choosePin: change(actions.choosePin),
    chooseRepair: change(actions.chooseRepair),
    numberRoute: change(actions.numberRoute),
    numberRead: change(actions.numberRead),
    noteTable: change(actions.noteTable),
    noteFailure: change(actions.noteFailure),
    dropGoal: change(actions.dropGoal),
    arrive: change(actions.arrive),
    adopt: change(actions.adopt),
    noteHold: change(actions.noteHold),
    countRelapse: change(actions.countRelapse),
    setPin: change(actions.setPin),
    clearPin: change(actions.clearPin),
    setPaused: change(actions.setPaused),
    clearPaused: change(actions.clearPaused),
    oweRecord: change(actions.oweRecord),
    numberRecord: change(actions.numberRecord),
    noteAcked: change(actions.noteAcked),
    noteRecordRefused: change(actions.noteRecordRefused),
    noteConnections: change(actions.noteConnections),
    orderRoute: order(give.route),
    orderRead: order(give.read),
    orderBreak: order(give.breakConnections),
    orderRecord: order(give.record),
    orderReport: order(give.report),
    noteSwitch: order(give.noteSwitch),
    judge: base.raise({ type: 'JUDGED' }),
    startSwitch: base.raise({ type: 'SWITCH' }),
    moved: base.raise({ type: 'MOVED' }),
    wantRecord: base.raise({ type: 'RECORD_WANTED' }),
  },
  delays: {
    warmUp: delay(delays.warmUp),
    holdLeft: delay(delays.holdLeft),
    announceBound: delay(delays.announceBound),
    confirmBound: delay(delays.confirmBound),
    retryPause: delay(delays.retryPause),
    recordBound: delay(delays.recordBound),
    recordPause: delay(delays.recordPause),
  },
});
