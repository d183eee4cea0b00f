/**
 * The chart written by hand as switch statements, for one purpose: to measure what the compiled
 * chart costs against the code that one would write without a statechart. Same guards, actions and
 * delays; mutable. Not used by anything else; the benchmark compares its end state with the chart's.
 */

import * as change from '../src/machines/actions.ts';
import type { Effect } from '../src/machines/chart.ts';
import type { ChartEvent } from '../src/machines/chart-events.ts';
import { type Context, changed } from '../src/machines/context.ts';
import * as delays from '../src/machines/delays.ts';
import * as give from '../src/machines/give.ts';
import * as is from '../src/machines/guards.ts';

type Change = (c: Context, e: ChartEvent) => Partial<Context>;
type Raised = 'JUDGED' | 'SWITCH' | 'MOVED' | 'RECORD_WANTED';

const after = (delay: string, state: string): string => `xstate.after.${delay}.controller.${state}`;
const WARM_UP = after('warmUp', 'access.Degraded.WarmingUp');
const HOLD = after('holdLeft', 'access.BackToNormal.Holding');
const ANNOUNCE = after('announceBound', 'route.Switching.Announcing');
const CONFIRM = after('confirmBound', 'route.Switching.Installing');
const RETRY = after('retryPause', 'route.Unconfirmed');
const RECORD = after('recordBound', 'record.Asking');
const PAUSE = after('recordPause', 'record.Retrying');

const TIMER_OF: Readonly<Record<string, string>> = {
  WarmingUp: WARM_UP,
  Holding: HOLD,
  Announcing: ANNOUNCE,
  Installing: CONFIRM,
  Unconfirmed: RETRY,
  Asking: RECORD,
  Retrying: PAUSE,
};

/** What a region does: its new state (null: stays), and its changes on the way. */
interface Move {
  readonly to: string | null;
  readonly act: ((h: HandChart) => void) | null;
}
const to = (state: string, act: Move['act'] = null): Move => ({ to: state, act });
const stay = (act: (h: HandChart) => void): Move => ({ to: null, act });
/** Heard, and nothing done: what stands further out is not asked. */
const NOTHING = null;

const NORMAL = to('Normal');
const DOUBTING = to('Doubting');
const REROUTED = to('Rerouted');
const HOLDING = to('Holding');
const RELAPSED = to('Rerouted', (h) => h.set(change.countRelapse));
const AGAIN = to('Holding', (h) => h.set(change.countRelapse));
const start = (choose: Change): Move =>
  stay((h) => {
    h.set(choose);
    h.raise('SWITCH');
  });
const FAIL_OVER = start(change.chooseFailover);
const PREFER = start(change.choosePreference);
const RETURN = start(change.chooseReturn);
const REPAIR = start(change.chooseRepair);
const PIN = start(change.choosePin);
const NOTE = stay((h) => h.set(change.noteTable));

export class HandChart {
  context: Context;
  access = 'WarmingUp';
  steering = 'Loop';
  route = 'Settled';
  record = 'Unlisted';
  effects: Effect[] = [];
  event: ChartEvent | { type: string } = { type: 'START' };
  raised: Raised[] = [];

  constructor(context: Context) {
    this.context = context;
    this.arm(WARM_UP, delays.warmUp(context));
  }

  set(make: Change): void {
    this.context = changed(this.context, make(this.context, this.event as ChartEvent));
  }

  raise(type: Raised): void {
    this.raised.push(type);
  }

  order(make: (c: Context) => ReturnType<typeof give.route>): void {
    this.effects.push({ type: 'order', order: make(this.context) });
  }

  arm(id: string, delayMs: number): void {
    this.effects.push({ type: 'arm', id, delayMs });
  }

  send(event: ChartEvent | { type: string }): void {
    this.effects = [];
    this.raised = [];
    this.step(event);
    for (let i = 0; i < this.raised.length; i += 1) this.step({ type: this.raised[i] as Raised });
  }

  private step(event: ChartEvent | { type: string }): void {
    this.event = event;
    const e = event as ChartEvent;
    switch (event.type) {
      case 'PROBE':
      case 'SESSION':
      case 'TICK':
        this.set(change.believe);
        this.raise('JUDGED');
        return;
      case 'RELOADED':
        this.set(change.adoptSettings);
        this.raise('MOVED');
        return;
      case 'CONNECTIONS_BROKEN':
      case 'CONNECTIONS_KEPT':
        this.set(change.noteConnections);
        return;
    }
    const a = this.onAccess(e);
    const s = this.onSteering(e);
    const r = this.onRoute(e);
    const d = this.onRecord(e);
    if (d?.to) this.leave(this.record);
    if (r?.to) this.leave(this.route);
    if (a?.to) this.leave(this.access);
    a?.act?.(this);
    s?.act?.(this);
    r?.act?.(this);
    d?.act?.(this);
    if (a?.to) this.enterAccess(a.to);
    if (s?.to) this.enterSteering(s.to);
    if (r?.to) this.enterRoute(r.to);
    if (d?.to) this.enterRecord(d.to);
  }

  private leave(state: string): void {
    const id = TIMER_OF[state];
    if (id) this.effects.push({ type: 'cancel', id });
  }

  private onAccess(e: ChartEvent): Move | null {
    const c = this.context;
    switch (e.type as string) {
      case 'MOVED':
        if (this.access === 'WarmingUp') return NOTHING;
        if (is.homeServes(c)) return NORMAL;
        if (is.homeWaits(c)) return HOLDING;
        return is.otherServes(c) ? REROUTED : DOUBTING;
      case 'JUDGED':
        return this.onJudged(c);
      case WARM_UP:
        return this.access === 'WarmingUp' ? DOUBTING : null;
      case HOLD:
        return this.access === 'Holding' ? to('Due') : null;
    }
    return null;
  }

  private onJudged(c: Context): Move | null {
    switch (this.access) {
      case 'Normal':
        return is.targetInDoubt(c) ? DOUBTING : null;
      case 'Doubting':
        if (is.homeServes(c)) return NORMAL;
        if (is.homeWaits(c)) return HOLDING;
        if (is.otherServes(c)) return REROUTED;
        return is.mayFailOver(c) ? FAIL_OVER : null;
      case 'Rerouted':
        if (is.homeWaits(c)) return HOLDING;
        if (is.targetInDoubt(c)) return DOUBTING;
        return is.mayPrefer(c) ? PREFER : null;
      case 'Holding':
      case 'Due':
        if (this.access === 'Due' && is.mayReturn(c)) return RETURN;
        if (is.homeFailed(c)) return RELAPSED;
        if (is.homeUnknown(c)) return REROUTED;
        if (is.homeRestarted(c)) return AGAIN;
        if (is.mayFailOver(c)) return FAIL_OVER;
        return is.mayPrefer(c) ? PREFER : null;
    }
    return null;
  }

  private enterAccess(state: string): void {
    this.access = state;
    if (state === 'Holding') {
      this.set(change.noteHold);
      this.raise('JUDGED');
      this.arm(HOLD, delays.holdLeft(this.context));
    } else this.raise('JUDGED');
  }

  private onSteering(e: ChartEvent): Move | null {
    const c = this.context;
    const clear = (h: HandChart): void => h.set(change.clearPin);
    const resume = (h: HandChart): void => h.set(change.clearPaused);
    switch (e.type) {
      case 'START':
        if (this.steering !== 'Loop') return null;
        if (is.startsPaused(c)) return to('Paused');
        return is.hasPin(c) ? to('Route') : null;
      case 'PIN_ASKED':
        if (this.steering === 'Paused' || !is.askedPathIsUp(c, e)) return null;
        return to('Route', (h) => h.set(change.setPin));
      case 'PAUSE_ASKED':
        return this.steering === 'Paused' ? null : to('Paused', (h) => h.set(change.setPaused));
      case 'RELEASE_ASKED':
        if (this.steering === 'Route') return to('Loop', clear);
        return this.steering === 'Paused' ? stay(clear) : null;
      case 'RESUME_ASKED':
        if (this.steering !== 'Paused') return null;
        if (is.mayResumePinned(c)) return to('Route', resume);
        return is.mayResume(c) ? to('Loop', resume) : null;
      case 'JUDGED':
        if (this.steering === 'Loop') return null;
        if (this.steering === 'Paused') return is.pinExpired(c) ? stay(clear) : null;
        if (is.pinGone(c)) return to('Loop');
        if (is.pinExpired(c) || is.failsafeTrips(c)) return to('Loop', clear);
        return is.mayPin(c) ? PIN : null;
    }
    return null;
  }

  private enterSteering(state: string): void {
    this.steering = state;
    if (state !== 'Paused') this.raise('JUDGED');
  }

  private onRoute(e: ChartEvent): Move | null {
    switch (this.route) {
      case 'Settled':
        return settled(this.context, e);
      case 'Announcing':
        return announcing(this.context, e);
      case 'Installing':
        return installing(this.context, e);
    }
    return unconfirmed(this.context, e);
  }

  private enterRoute(state: string): void {
    this.route = state;
    if (state === 'Settled') this.raise('JUDGED');
    else if (state === 'Announcing') {
      this.raise('RECORD_WANTED');
      this.arm(ANNOUNCE, delays.announceBound());
    } else if (state === 'Installing') {
      this.set(change.numberRoute);
      this.order(give.route);
      this.arm(CONFIRM, delays.confirmBound(this.context));
    } else {
      this.raise('JUDGED');
      this.arm(RETRY, delays.retryPause(this.context));
    }
  }

  private onRecord(e: ChartEvent): Move | null {
    const c = this.context;
    switch (e.type as string) {
      case 'MOVED':
      case 'RECORD_WANTED':
        return to(is.canRecord(c) ? 'Asking' : 'Unlisted', (h) => h.set(change.oweRecord));
      case 'JUDGED':
        if (this.record === 'Unlisted' || this.record === 'Current') {
          return is.recordOwed(c) ? to('Asking') : null;
        }
        return is.recordChanged(c) ? to('Asking') : null;
      case 'RECORD_ACKNOWLEDGED':
        if (this.record !== 'Asking' || !is.recordAnswered(c, e)) return null;
        return to('Current', (h) => h.set(change.noteAcked));
      case 'RECORD_REFUSED':
        if (this.record !== 'Asking' || !is.recordAnswered(c, e)) return null;
        return to('Retrying', (h) => h.set(change.noteRecordRefused));
      case RECORD:
        return this.record === 'Asking'
          ? to('Retrying', (h) => h.set(change.noteRecordRefused))
          : null;
      case PAUSE:
        if (this.record !== 'Retrying') return null;
        return to(is.canRecord(c) ? 'Asking' : 'Unlisted');
    }
    return null;
  }

  private enterRecord(state: string): void {
    this.record = state;
    if (state === 'Current') this.raise('JUDGED');
    else if (state === 'Asking') {
      this.set(change.oweRecord);
      this.set(change.numberRecord);
      this.order(give.record);
      this.arm(RECORD, delays.recordBound());
    } else if (state === 'Retrying') this.arm(PAUSE, delays.recordPause(this.context));
  }
}

function settled(c: Context, e: ChartEvent): Move | null {
  switch (e.type) {
    case 'SWITCH':
      return to(is.leavesUpPath(c) ? 'Announcing' : 'Installing');
    case 'ROUTE_READ': {
      const watches = is.mustWatch(c, e);
      if (!watches && !is.mustAdopt(c, e)) {
        return stay((h) => {
          h.set(change.noteTable);
          h.raise('JUDGED');
        });
      }
      return stay((h) => {
        h.set(change.noteTable);
        h.set(change.adopt);
        if (!watches) h.order(give.report);
        h.raise('MOVED');
      });
    }
    case 'ROUTE_UNREADABLE':
      return NOTE;
    case 'JUDGED':
      return is.mayRepair(c) ? REPAIR : null;
  }
  return null;
}

function announcing(c: Context, e: ChartEvent): Move | null {
  const drop = to('Settled', (h) => h.set(change.dropGoal));
  switch (e.type as string) {
    case 'RECORD_ACKNOWLEDGED':
    case 'RECORD_REFUSED':
      return is.mayInstall(c, e) ? to('Installing') : null;
    case 'JUDGED':
      return is.goalSpoiled(c) ? drop : null;
    case 'ROUTE_READ':
    case 'ROUTE_UNREADABLE':
      return NOTE;
    case ANNOUNCE:
      return is.goalIsUp(c) ? to('Installing') : drop;
  }
  return null;
}

function installing(c: Context, e: ChartEvent): Move | null {
  const failed = (notes: boolean): Move =>
    to('Unconfirmed', (h) => {
      if (notes) h.set(change.noteTable);
      h.set(change.noteFailure);
    });
  switch (e.type as string) {
    case 'ROUTE_READ':
      return confirmed(c, e) ?? (is.answerDiffers(c, e) ? failed(true) : NOTE);
    case 'ROUTE_UNREADABLE':
      return is.answerDiffers(c, e) ? failed(true) : NOTE;
    case 'ROUTE_REFUSED':
      return is.answerDiffers(c, e) ? failed(false) : null;
    case CONFIRM:
      return failed(false);
  }
  return null;
}

function unconfirmed(c: Context, e: ChartEvent): Move | null {
  switch (e.type as string) {
    case 'ROUTE_READ':
      return confirmed(c, e) ?? NOTE;
    case 'ROUTE_UNREADABLE':
      return NOTE;
    case 'JUDGED':
      if (!is.goalSpoiled(c)) return null;
      return to('Settled', (h) => {
        h.set(change.dropGoal);
        h.set(change.numberRead);
        h.order(give.read);
      });
    case RETRY:
      return to(is.goalIsUp(c) ? 'Installing' : 'Unconfirmed');
  }
  return null;
}

function confirmed(c: Context, e: ChartEvent): Move | null {
  if (!is.tableConfirms(c, e)) return null;
  const breaks = is.tableConfirmsAndBreaks(c, e);
  return to('Settled', (h) => {
    h.set(change.noteTable);
    h.order(give.noteSwitch);
    if (breaks) h.order(give.breakConnections);
    h.set(change.arrive);
    h.order(give.report);
    h.raise('MOVED');
  });
}
