/**
 * S5, bounded flapping: in no hour more preference moves (`return`, `prefer`) than the budget, and
 * a hold that grows: leaving home as failed within `forgive` of its return makes the next hold
 * longer, and relapses are forgiven only for time served at home. A memory that was lost with its
 * disk takes its counts along; that is no breach.
 */

import { holdMs } from '../machines/hold.ts';
import type { Memory } from '../machines/model.ts';
import type { OrderOf } from '../machines/orders.ts';
import { type LawMaker, NEVER } from './law.ts';

const HOUR_MS = 3_600_000;
/** A decision may be this much older than its order: the record is refreshed in between. */
const ANNOUNCED_MS = 1000;

export const boundedFlapping: LawMaker = ({ run }) => {
  /** Confirmed preference moves of the last hour, oldest first. */
  let moves: number[] = [];
  let saved: Memory | null = null;
  let cameHomeAtMs: number | null = null;
  /** Home was left again this soon: the next memory must have a longer hold than this. */
  let owedAbove: number | null = null;

  const homeId = (): string | undefined => run.is.settings.paths[0]?.id;

  function started(memory: Memory | null): void {
    const kept = memory !== null && memory.preferredAtMs.length === saved?.preferredAtMs.length;
    if (!kept) moves = [...(memory?.preferredAtMs ?? [])];
    saved = memory;
    cameHomeAtMs = null;
    owedAbove = null;
  }

  function ordered(order: OrderOf<'SET_ROUTE'>): string | null {
    if (order.kind !== 'return' && order.kind !== 'prefer') return null;
    const { nowMs, reloadedAtMs, settings: s } = run.is;
    if (run.isRetry(order) || nowMs - reloadedAtMs < ANNOUNCED_MS) return null;
    const budget = s.switch.budgetPerHour;
    const used = moves.filter((at) => nowMs - at < HOUR_MS).length;
    return used < budget
      ? null
      : `${used} preference moves in the last hour and one more ordered, budget_per_hour=${budget}`;
  }

  function arrived(order: OrderOf<'NOTE_SWITCH'>): void {
    const { nowMs, settings: s } = run.is;
    if (order.kind === 'return' || order.kind === 'prefer') {
      moves = [...moves.filter((at) => nowMs - at < HOUR_MS), nowMs];
    }
    if (order.from === order.to) return;
    const since = nowMs - (cameHomeAtMs ?? NEVER);
    const fled = order.from === homeId() && order.kind === 'failover';
    if (fled && since < s.timers.forgiveMs) owedAbove = saved?.relapses ?? 0;
    const came = order.to === homeId() && (order.kind === 'return' || order.kind === 'failover');
    cameHomeAtMs = came ? nowMs : null;
  }

  function remembered(memory: Memory): string | null {
    const { nowMs, settings: s } = run.is;
    const was = saved;
    const owed = owedAbove;
    saved = memory;
    owedAbove = null;
    const hold = holdMs(memory.relapses, s);
    if (owed !== null && s.timers.relapseFactor > 1 && s.timers.backToNormalMs > 0) {
      const before = holdMs(owed, s);
      if (hold <= before && before < s.timers.backToNormalMaxMs) {
        return `home failed soon after a return and its hold went from ${before} ms to ${hold} ms`;
      }
    }
    if (!was || hold >= holdMs(was.relapses, s)) return null;
    const servedMs = nowMs - (was.servingSinceMs ?? nowMs);
    const forgiven = was.relapses - memory.relapses;
    if (forgiven * s.timers.forgiveMs <= servedMs) return null;
    return `${forgiven} relapses forgiven after ${servedMs} ms at home, forgive=${s.timers.forgiveMs} ms`;
  }

  return {
    name: 'S5 bounded flapping',
    fact(fact) {
      if (fact.type === 'STARTED') started(fact.memory);
      return null;
    },
    order(order) {
      const says = order.type === 'SET_ROUTE' ? ordered(order) : null;
      if (order.type === 'NOTE_SWITCH') arrived(order);
      return order.type === 'SAVE_MEMORY' ? remembered(order.memory) : says;
    },
  };
};
