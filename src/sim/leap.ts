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
import type { Life } from './daemon.ts';
import type { Body } from './pilot.ts';
import type { Heard } from './senses.ts';
import { isStill, nextDeadlineMs } from './stillness.ts';

export interface Leaper {
  /** Called after each fact and change: dozes soon, if nothing speaks against it. */
  rest(isBusy: boolean): void;
  /** Up to date, and not dozing. */
  wake(): void;
  stop(): void;
}

/** Shorter leaps are not worth their trouble. */
const MIN_LEAP_MS = 500;
/** After a vain try, and after anything was ordered. */
const PAUSE_MS = 250;
/** Behind everything that repeats, before the TICK. */
const LEAP_RANK = 999_999;
/** Before everything else of its time. */
const ALARM_RANK = -1;
/** What of the daemon dozes and wakes with it. */
export interface Dozer {
  /** No TICK until `resume`. */
  doze(): void;
  resume(): void;
  /**
   * Decides again on the table as it was last seen, at a time that has passed: what follows from
   * the state and the time is then as if it had looked all the while.
   */
  repeat(atMs: number): void;
}

export function createLeaper(body: Body, life: Life, daemon: Dozer): Leaper {
  const { world: w, clock } = body;
  const { senses, hands } = life;
  const soon = clock.timer(attempt, LEAP_RANK);
  const alarm = clock.timer(wake, ALARM_RANK);
  const positions = new Map(w.paths.map((p, at) => [p.id, at]));
  let dozing = false;
  let nextTryMs = clock.nowMs() + PAUSE_MS;

  function attempt(): void {
    const now = clock.nowMs();
    nextTryMs = now + PAUSE_MS;
    if (dozing || senses.isNewsDue() || !hands.isIdle() || !body.weather.isCalm()) return;
    const sureMs = senses.sureUntilMs();
    if (sureMs - now < MIN_LEAP_MS || !isStill(life.state, w, now)) return;
    const untilMs = Math.min(sureMs, nextDeadlineMs(life.state, now));
    if (untilMs - now < MIN_LEAP_MS) return;
    dozing = true;
    senses.doze();
    hands.looks.doze();
    daemon.doze();
    if (Number.isFinite(untilMs)) alarm.set(untilMs);
  }

  function wake(): void {
    soon.clear();
    if (!dozing) return;
    dozing = false;
    alarm.clear();
    const rank = clock.rank();
    const { looks } = hands;
    const times = looks.timesUntil(clock.nowMs(), rank);
    looks.skip(times);
    looks.begin(looks.dueMs);
    const before = life.state.beliefs;
    const beliefs = confirmed(before, senses.wake(rank));
    life.state = { ...life.state, beliefs };
    if (times > 0) daemon.repeat(looks.lastMs);
    if (beliefs !== before) tellOver(beliefs);
    daemon.resume();
  }

  function confirmed(b: Beliefs, heard: Heard): Beliefs {
    const { listsMs } = heard;
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
      if (isBusy) nextTryMs = clock.nowMs() + PAUSE_MS;
      if (clock.nowMs() >= nextTryMs) soon.set(clock.nowMs());
    },
    wake,
    stop() {
      dozing = false;
      alarm.clear();
      soon.clear();
    },
  };
}
