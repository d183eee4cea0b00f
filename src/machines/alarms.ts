/**
 * Alarms: conditions a person should know of, derived from the state and nothing else. An alarm
 * never changes a decision.
 */

import type { Beliefs } from './beliefs.ts';
import type { Moment } from './chart.ts';
import { type Context, pathOf, verdictOf } from './context.ts';
import { allOpen, isOpen } from './gate.ts';
import { CONTESTED_REPAIRS, failover, homecoming, warmGate } from './gates.ts';
import { stateName } from './notes.ts';
import type { AlarmName } from './orders.ts';

export type AlarmMap = Readonly<Partial<Record<AlarmName, string>>>;

/** A record that is owed for less than this is just being refreshed. */
const RECORD_PATIENCE_MS = 5000;
/** How long a stall or a duplicate address is shown after it was last seen. */
const SHOWN_MS = 60_000;

type Ask = (c: Context, b: Beliefs, at: Moment) => string | null;

const asks: Readonly<Record<AlarmName, Ask>> = {
  all_paths_down: (c) => {
    const bad = c.paths.filter((v) => v.verdict === 'down').length;
    if (bad === 0 || bad < c.paths.length) return null;
    return `all ${bad} paths are down: this host's own network is suspected, the route stays`;
  },
  target_down: (c) => {
    const view = c.paths.find((v) => v.id === c.target);
    if (view?.verdict !== 'down' || c.goal) return null;
    const closed = failover.all(c).find((g) => !g.open);
    return closed
      ? `${view.id} is down and stays the target, ${closed.name}: ${closed.says}`
      : null;
  },
  blind: (c) => {
    const unknown = c.paths.filter((v) => v.verdict === 'unknown').length;
    if (!isOpen(warmGate, c) || unknown < c.paths.length) return null;
    return `all ${unknown} paths are unknown: nothing can be asked`;
  },
  on_management: (c) => {
    const path = pathOf(c, c.target);
    return path?.network === 'management' ? `${path.id} is a last resort, a slow network` : null;
  },
  route_unconfirmed: (c) => (c.goal?.error ? `${c.goal.path}: ${c.goal.error}` : null),
  route_unreadable: (c) => (c.table.kind === 'unreadable' ? c.table.error : null),
  route_contested: (c) => {
    const recent = c.run.repairedAtMs.filter((at) => c.nowMs - at < SHOWN_MS).length;
    return recent < CONTESTED_REPAIRS
      ? null
      : `${recent} repairs in a minute: who else writes the route?`;
  },
  record_unacknowledged: (c) => {
    const since = c.record.owedSinceMs;
    if (since === null || c.nowMs - since < RECORD_PATIENCE_MS) return null;
    return `the leader has not acknowledged this host's addresses: ${c.record.error || 'no local session'}`;
  },
  connections_kept: (c) => (c.settings.switch.breakConnections && c.run.keptError) || null,
  sessions_unavailable: (c, b) => {
    const okAtMs = b.lists.okAtMs ?? c.run.startedAtMs;
    if (b.lists.error === '' || c.nowMs - okAtMs < c.settings.session.staleMs) return null;
    return b.lists.error;
  },
  budget_exhausted: (c, _b, at) => {
    if (stateName(at.value, 'access') !== 'BackToNormal.Due') return null;
    const gates = homecoming.all(c);
    const budget = gates.find((g) => g.name === 'budget');
    return budget && !budget.open && allOpen(gates.filter((g) => g !== budget))
      ? budget.says
      : null;
  },
  pin_down: (c) => {
    const pin = c.memory.pin;
    return pin && verdictOf(c, pin.path) === 'down' ? `pinned to ${pin.path}, which is down` : null;
  },
  duplicate_address: (c, b) => {
    const seen = Object.entries(b.duplicates).filter(([, d]) => c.nowMs - d.atMs < SHOWN_MS);
    return seen.length === 0 ? null : seen.map(([id, d]) => `${id}: ${d.macs}`).join('; ');
  },
  stalled: (c, b) => {
    const { atMs, ms, count } = b.stall;
    if (atMs === null || c.nowMs - atMs >= SHOWN_MS) return null;
    return `this process stood still for ${Math.round(ms)} ms, ${count} times since the start`;
  },
};

/** Every alarm that stands now, with its reason. */
export function alarmsOf(at: Moment, b: Beliefs): AlarmMap {
  const alarms: Partial<Record<AlarmName, string>> = {};
  for (const name of Object.keys(asks) as AlarmName[]) {
    const reason = asks[name](at.context, b, at);
    if (reason !== null) alarms[name] = reason;
  }
  return alarms;
}
