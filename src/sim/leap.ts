/**
 * Leaping over quiet times. When nothing is under way or in flight and every sense would only repeat
 * what is believed already (stillness.ts), the daemon dozes: nothing of it is in the queue. It wakes
 * before anything of its world changes, before a probe is lost by chance, before anybody tells it
 * something, and at the next deadline of its own decision. On waking its rounds are moved forward by
 * whole periods, the beliefs get the times at which they would last have been confirmed, and its last
 * look at the table is decided on. Orders
 * and their times are the same as without leaping, bit for bit (test/sim/swarm.test.ts); the laws
 * are told by an entry of its own kind.
 */

import type { Beliefs } from '../machines/beliefs.ts';
import type { Fact } from '../machines/events.ts';
import { leaderAnswers, pollFailure } from './conditions.ts';
import type { Life } from './daemon.ts';
import type { Body } from './pilot.ts';
import type { Heard } from './senses.ts';
import { isStill, nextDeadlineMs } from './stillness.ts';

export interface Leaper {
  /** Called after each fact and change: dozes soon, if nothing speaks against it. */
  rest(isBusy: boolean): void;
  /** Up to date, and not dozing. */
  wake(): void;
  /** The same, until the next `rest`. */
  stay(): void;
  stop(): void;
}

/** Shorter leaps are not worth their trouble. */
const MIN_LEAP_MS = 200;
/** After anything was ordered, and after a vain try, doubled with each. */
const PAUSE_MS = 50;
const MAX_PAUSE_MS = 800;
/** Behind everything that repeats, before the TICK. */
const LEAP_RANK = 999_999;
/** Before everything else of its time. */
const ALARM_RANK = -1;
/** What of the daemon dozes and wakes with it. */
export interface Dozer {
  /** No TICK until `resume`. */
  doze(): void;
  resume(): void;
  /** Would an order follow if it heard this? Nothing is decided. */
  wouldAct(fact: Fact): boolean;
  /**
   * Decides on something that it heard at a time that has passed and that is no news: what follows
   * from the state and the time is then as if it had been awake. Throws if an order follows.
   */
  repeat(fact: Fact): void;
}

export function createLeaper(body: Body, life: Life, daemon: Dozer): Leaper {
  const { world: w, clock } = body;
  const { senses, hands } = life;
  const soon = clock.timer(attempt, LEAP_RANK);
  const alarm = clock.timer(wake, ALARM_RANK);
  const positions = new Map(w.paths.map((p, at) => [p.id, at]));
  let dozing = false;
  let pauseMs = PAUSE_MS;
  let nextTryMs = clock.nowMs() + PAUSE_MS;

  function attempt(): void {
    const now = clock.nowMs();
    nextTryMs = now + pauseMs;
    pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS);
    if (dozing || !hands.isIdle() || !body.weather.isCalm()) return;
    if (!isStill(life.state, w, now) || senses.isNewsDue()) return;
    const untilMs = Math.min(senses.sureUntilMs(), nextDeadlineMs(life.state, now));
    if (untilMs - now < MIN_LEAP_MS) return;
    // What was believed of the table before the operator paused may be news to it now.
    if (daemon.wouldAct(lookAt(now))) return;
    dozing = true;
    pauseMs = PAUSE_MS;
    senses.doze();
    hands.looks.doze();
    daemon.doze();
    if (Number.isFinite(untilMs)) alarm.set(untilMs);
  }

  function wake(): void {
    if (!dozing) return;
    dozing = false;
    alarm.clear();
    const rank = clock.rank();
    const { looks } = hands;
    const times = looks.timesUntil(clock.nowMs(), rank);
    looks.skip(times);
    looks.begin(looks.dueMs);
    const heard = senses.wake(rank);
    const failed = failedPoll(heard.listsMs);
    const before = life.state.beliefs;
    const beliefs = confirmed(before, heard, failed ? undefined : heard.listsMs);
    life.state = { ...life.state, beliefs };
    const looked = times > 0 ? lookAt(looks.lastMs) : null;
    if (failed && looked && failed.atMs > looked.atMs) {
      daemon.repeat(looked);
      daemon.repeat(failed);
    } else {
      if (failed) daemon.repeat(failed);
      if (looked) daemon.repeat(looked);
    }
    if (beliefs !== before) tellOver(beliefs);
    if (failed) body.onEntry?.({ kind: 'fact', fact: failed });
    daemon.resume();
  }

  function lookAt(atMs: number): Fact {
    const { table } = life.state.snapshot.context;
    if (table.kind !== 'read') throw new Error('it dozed without having read its table');
    return { type: 'ROUTE_READ', atMs, entries: table.entries, orderId: null };
  }

  function failedPoll(atMs: number | undefined): Fact | null {
    const error = pollFailure(w);
    if (atMs === undefined || error === null) return null;
    if (leaderAnswers(w)) return { type: 'SESSIONS_LISTED', atMs, sessions: [], from: 'leader' };
    return { type: 'SESSIONS_FAILED', atMs, error };
  }

  function confirmed(b: Beliefs, heard: Heard, listsMs: number | undefined): Beliefs {
    let isNew = listsMs !== undefined;
    const paths = b.paths.map((x) => {
      const at = positions.get(x.path.id) ?? -1;
      const [pingMs, serviceMs] = [heard.pingMs(at), heard.serviceMs(at)];
      if (pingMs === undefined && serviceMs === undefined && listsMs === undefined) return x;
      isNew = true;
      const { ping, service, session } = x.belief;
      const belief = {
        ...x.belief,
        ping: { ...ping, atMs: pingMs ?? ping.atMs },
        service: { ...service, atMs: serviceMs ?? service.atMs },
        session: { ...session, atMs: listsMs ?? session.atMs },
      };
      return { ...x, belief };
    });
    return isNew ? { ...b, paths, lists: { ...b.lists, okAtMs: listsMs ?? b.lists.okAtMs } } : b;
  }

  function tellOver(beliefs: Beliefs): void {
    const paths = beliefs.paths.map(({ path, belief: { ping, service } }) => ({
      path: path.id,
      pingAtMs: ping.atMs,
      serviceAtMs: service.atMs,
    }));
    const listsAtMs = beliefs.lists.okAtMs;
    body.onEntry?.({ kind: 'quiet', atMs: clock.nowMs(), paths, listsAtMs });
  }

  return {
    rest(isBusy) {
      if (dozing) return;
      if (isBusy) {
        pauseMs = PAUSE_MS;
        nextTryMs = clock.nowMs() + PAUSE_MS;
      }
      if (clock.nowMs() >= nextTryMs) soon.set(clock.nowMs());
    },
    wake,
    stay() {
      soon.clear();
      wake();
    },
    stop() {
      dozing = false;
      alarm.clear();
      soon.clear();
    },
  };
}
