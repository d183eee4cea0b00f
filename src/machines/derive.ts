/**
 * Orders that follow from the state rather than from a transition: probing paces, alarms, memory,
 * verdict notes, and what would have been done while paused. Each is given when it changes.
 */

import { type AlarmMap, alarmsOf } from './alarms.ts';
import type { Beliefs } from './beliefs.ts';
import type { Moment } from './chart.ts';
import { type Context, home } from './context.ts';
import { allOpen, type Gate } from './gate.ts';
import {
  failover,
  failoverChoice,
  homecoming,
  preference,
  preferenceChoice,
  targetLostGate,
} from './gates.ts';
import type { Memory, Pace, PathId, PathView, SwitchKind } from './model.ts';
import { stateName } from './notes.ts';
import type { Order } from './orders.ts';

/** What was last ordered, to order only changes. */
export interface Standing {
  readonly paces: Readonly<Record<PathId, Pace>>;
  readonly alarms: AlarmMap;
  readonly memory: Memory;
  readonly views: readonly PathView[];
  readonly target: PathId | null;
  /** State of the region access, as in the chart's value. */
  readonly access: unknown;
  /** The switch that steering held back, as `kind path`; empty: none. */
  readonly would: string;
}

export const noStanding = (memory: Memory): Standing => ({
  paces: {},
  alarms: {},
  memory,
  views: [],
  target: null,
  access: null,
  would: '',
});

interface Derived {
  readonly standing: Standing;
  readonly orders: Order[];
}

export function derivedOrders(was: Standing, at: Moment, b: Beliefs): Derived {
  const c = at.context;
  const isSame = was.views === c.paths && was.target === c.target && was.access === at.value.access;
  const paces = isSame ? was.paces : pacesOf(at, c);
  const alarms = alarmsOf(at, b);
  const would = wouldSwitch(c);
  const orders = [
    ...(isSame ? [] : paceOrders(was.paces, paces)),
    ...alarmOrders(was.alarms, alarms),
    ...wouldOrders(was.would, would),
    ...memoryOrders(was.memory, c.memory),
  ];
  const key = would ? `${would.kind} ${would.to}` : '';
  const { memory, paths: views, target } = c;
  const { access } = at.value;
  return { standing: { paces, alarms, memory, views, target, access, would: key }, orders };
}

/** One note for each verdict that changed, given before what followed from it. */
export function verdictNotes(was: readonly PathView[], is: readonly PathView[]): Order[] {
  if (was === is) return [];
  return is.flatMap((v): Order[] => {
    const old = was.find((w) => w.id === v.id)?.verdict ?? 'unknown';
    if (old === v.verdict) return [];
    return [{ type: 'NOTE_VERDICT', path: v.id, from: old, to: v.verdict, reason: v.says }];
  });
}

/** Fast in doubt, steady where it matters, idle elsewhere (BEHAVIOUR.md section 1). */
function pacesOf(at: Moment, c: Context): Record<PathId, Pace> {
  const target = c.paths.find((v) => v.id === c.target);
  const warming = stateName(at.value, 'access') === 'Degraded.WarmingUp';
  // While the target is in doubt the others are asked fast too: a candidate that died with it
  // must be known before it is chosen.
  const allInDoubt = warming || target?.verdict === 'suspect';
  const paces: Record<PathId, Pace> = {};
  for (const v of c.paths) {
    const matters = v.id === c.target || v.id === home(c).id;
    const doubted = v.verdict === 'suspect' || v.cause === 'rising';
    const asked = allInDoubt && v.verdict !== 'down';
    paces[v.id] = doubted || asked ? 'fast' : matters ? 'steady' : 'idle';
  }
  return paces;
}

function paceOrders(was: Standing['paces'], is: Record<PathId, Pace>): Order[] {
  const changed = Object.entries(is).filter(([id, pace]) => was[id] !== pace);
  if (changed.length === 0) return [];
  const reason = 'fast in doubt, target and home steady, others idle';
  return [{ type: 'PROBE_AT', paces: Object.fromEntries(changed), reason }];
}

function alarmOrders(was: AlarmMap, is: AlarmMap): Order[] {
  const orders: Order[] = [];
  for (const [alarm, reason] of entries(is)) {
    if (was[alarm] === undefined) orders.push({ type: 'RAISE_ALARM', alarm, reason });
  }
  for (const [alarm, reason] of entries(was)) {
    if (is[alarm] !== undefined) continue;
    orders.push({ type: 'CLEAR_ALARM', alarm, reason: `no longer: ${reason}` });
  }
  return orders;
}

function entries(map: AlarmMap): [keyof AlarmMap, string][] {
  return Object.entries(map) as [keyof AlarmMap, string][];
}

interface Would {
  readonly to: PathId;
  readonly kind: SwitchKind;
  readonly reason: string;
}

/** The switch that LOOP would make now, while the operator holds it back. */
export function wouldSwitch(c: Context): Would | null {
  if (!c.memory.paused && !c.run.shadow) return null;
  const refuge = failoverChoice(c);
  if (refuge && onlySteered(failover.all(c))) {
    const kind = c.target === null ? 'first' : 'failover';
    const reason = `${targetLostGate.says(c)}; to ${refuge.path}: ${refuge.criterion}`;
    return { to: refuge.path, kind, reason };
  }
  const gates = homecoming.all(c);
  if (onlySteered(gates)) {
    return { to: home(c).id, kind: 'return', reason: gates.map((g) => g.says).join('; ') };
  }
  const better = preferenceChoice(c);
  if (!better || !onlySteered(preference.all(c))) return null;
  const reason = `${c.target} is on the management network; to ${better.path}: ${better.criterion}`;
  return { to: better.path, kind: 'prefer', reason };
}

/** Nothing but the operator (or shadow) holds it back. */
function onlySteered(gates: readonly Gate[]): boolean {
  return allOpen(gates.filter((g) => g.name !== 'steering'));
}

function wouldOrders(was: string, would: Would | null): Order[] {
  if (!would || was === `${would.kind} ${would.to}`) return [];
  return [{ type: 'NOTE_WOULD_SWITCH', ...would }];
}

function memoryOrders(was: Memory, is: Memory): Order[] {
  if (was === is) return [];
  return [{ type: 'SAVE_MEMORY', memory: is, reason: 'what must outlive a restart changed' }];
}
