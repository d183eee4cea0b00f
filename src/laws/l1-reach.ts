/**
 * L1, reach: in LOOP, when the facts prove the target down and show another path well, a switch is
 * ordered within a bound, and pinned the same goes for the pin's path; what was ordered and is then
 * read in the table is counted; and a table that somebody changed under a good target is put back.
 * "Proven" and "well" are by the numbers of the settings; the bounds below come on top and are
 * generous. A command that fails puts a bound off by the time in which it must be retried.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { condemnation, pingLimitMs } from './evidence.ts';
import { createLatch, type LawMaker, ms, NEVER } from './law.ts';
import type { Signals } from './signals.ts';
import { answerBoundMs, leadsTo } from './standing.ts';
import { isExpired, isLoop, mayMove } from './steering.ts';

/**
 * From proof to order: a margin, and one service round and a few probes in which a host whose paths
 * all come back at once may wait for its target to answer as well.
 */
const actMs = (s: Settings): number => 2000 + s.service.intervalMs + 4 * s.probe.intervalMs;
/** The longest pause between two attempts of a switch. */
const RETRY_MS = 5000;
/** From a foreign change to its repair, the pause of a contested route included. */
const REPAIR_MS = 15_000;
/** All paths are looked through at most this often. */
const LOOK_MS = 100;

export const reach: LawMaker = ({ facts, run, steering }) => {
  let proof: { readonly says: string; readonly sinceMs: number } | null = null;
  let differsSinceMs: number | null = null;
  /** The target may have changed since the table was compared with it. */
  let isStale = true;
  /** The switch under way when the table was read and led where it was ordered to. */
  let readThere: { readonly orderId: number; readonly path: PathId } | null = null;
  let looked: { atMs: number; says: string | null } = { atMs: NEVER, says: null };
  const act = createLatch();
  const repair = createLatch();

  /** Looks at the target after each fact, before the step's orders. */
  function weigh(fact: Fact): void {
    const { target, switching, settings: s } = run.is;
    const now = facts.nowMs();
    const x = facts.of(target);
    const why = x ? condemnation(x, now, s) : null;
    const says = target === null ? 'there is no target' : why && `${target}: ${why}`;
    proof = says ? { says, sinceMs: proof?.sinceMs ?? now } : null;
    if (isStale || fact.type.startsWith('ROUTE_') || fact.type === 'RELOADED') compare();
    const there = fact.type === 'ROUTE_READ' && leadsTo(fact.entries, switching?.path ?? null, s);
    readThere = there ? switching : null;
  }

  /** Does the table as read differ from the target? One that cannot be read is unknown. */
  function compare(): void {
    const { target, table, readableSinceMs, settings: s } = run.is;
    const isKnown = table !== null && target !== null && readableSinceMs !== null;
    const differs = isKnown && !leadsTo(table, target, s);
    differsSinceMs = differs ? (differsSinceMs ?? facts.nowMs()) : null;
    isStale = false;
  }

  /** Since when nothing excuses an order that is not given. */
  function freeSinceMs(): number {
    const { is } = run;
    const warm = is.warmSinceMs + is.settings.timers.warmUpMs;
    const open = is.switching?.lastAtMs ?? NEVER;
    const busy = is.switching ? open + answerBoundMs(is.settings) + RETRY_MS : NEVER;
    // What cannot be read is unknown, not "there is no route".
    const read = is.readableSinceMs ?? (is.target === null ? Number.POSITIVE_INFINITY : NEVER);
    const { targetSinceMs, settledAtMs, reloadedAtMs, stalledAtMs } = is;
    const changed = Math.max(targetSinceMs, settledAtMs, reloadedAtMs, stalledAtMs);
    return Math.max(warm, busy, read, changed, steering.sinceMs());
  }

  /** How long the path has been good without an excuse since `sinceMs`; <= 0: it is not. */
  function wellForMs(x: Signals | undefined, sinceMs: number): number {
    if (!x || x.goodSinceMs === null) return 0;
    const now = facts.nowMs();
    if (now - x.pingAtMs > 0.8 * pingLimitMs(facts.settings())) return 0;
    return now - Math.max(sinceMs, x.goodSinceMs);
  }

  function unreached(): string | null {
    const { pin } = steering.now();
    const now = facts.nowMs();
    const boundMs = actMs(facts.settings());
    if (!mayMove(steering.now())) return null;
    if (pin && !isExpired(pin, now) && pin.path !== run.is.target) {
      const forMs = wellForMs(facts.of(pin.path), freeSinceMs());
      return forMs > boundMs ? `pinned to ${pin.path}, not obeyed for ${ms(forMs)}` : null;
    }
    if (proof === null || !isLoop(steering.now())) return null;
    const since = Math.max(proof.sinceMs, freeSinceMs());
    if (now - since <= boundMs) return null;
    if (now - looked.atMs >= LOOK_MS)
      looked = { atMs: now, says: other(proof.says, since, boundMs) };
    return looked.says;
  }

  function other(says: string, since: number, boundMs: number): string | null {
    for (const x of facts.all()) {
      const forMs = x.path.id === run.is.target ? 0 : wellForMs(x, since);
      if (forMs > boundMs) return `${says}; ${x.path.id} is well for ${ms(forMs)}, no switch to it`;
    }
    return null;
  }

  function unrepaired(): string | null {
    if (differsSinceMs === null || !mayMove(steering.now())) return null;
    const since = Math.max(differsSinceMs, freeSinceMs());
    const forMs = wellForMs(facts.of(run.is.target), since);
    if (forMs <= REPAIR_MS) return null;
    return `the table does not lead to ${run.is.target}, which is well, for ${ms(forMs)}`;
  }

  function uncounted(): string | null {
    const still = readThere !== null && run.is.switching?.orderId === readThere.orderId;
    return still
      ? `the table leads to ${readThere?.path} as ordered and that is not counted`
      : null;
  }

  return {
    name: 'L1 reach',
    before(fact) {
      const says = act(unreached()) ?? repair(unrepaired()) ?? uncounted();
      return fact.type === 'STARTED' ? null : says;
    },
    fact(fact) {
      isStale ||= fact.type === 'STARTED';
      weigh(fact);
      return null;
    },
    order(order) {
      isStale ||= order.type === 'REPORT_TO' || order.type === 'NOTE_SWITCH';
      return null;
    },
  };
};
