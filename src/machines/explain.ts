/**
 * The controller explains itself: `status` and `why` as data, read from the state. Every switch
 * that is not made is listed with its gates; the first closed one is what stopped it.
 */

import type { Watched } from './beliefs.ts';
import { type Context, home, pathOf, wellSinceMs } from './context.ts';
import type { State } from './decide.ts';
import type { Gate } from './gate.ts';
import { failover, homecoming, pinning, preference, repair } from './gates.ts';
import { holdMs, recentMoves } from './hold.ts';
import { explainVerdict, serviceNow, sessionWord } from './judge.ts';
import type { Pace } from './model.ts';
import { stateName } from './notes.ts';

/** A switch that was considered, the gates that were asked, and the first that was closed. */
export interface Move {
  readonly move:
    | 'leave the target'
    | 'return home'
    | 'leave management'
    | 'repair'
    | 'obey the pin';
  readonly stoppedBy: Gate | null;
  readonly gates: readonly Gate[];
}

const move = (name: Move['move'], gates: readonly Gate[]): Move => ({
  move: name,
  stoppedBy: gates.find((g) => !g.open) ?? null,
  gates,
});

/** Every move the controller can make, judged now. */
export function movesOf(c: Context): Move[] {
  return [
    move('leave the target', failover.all(c)),
    ...(c.target === home(c).id ? [] : [move('return home', homecoming.all(c))]),
    ...(pathOf(c, c.target)?.network === 'management'
      ? [move('leave management', preference.all(c))]
      : []),
    move('repair', repair.all(c)),
    ...(c.memory.pin ? [move('obey the pin', pinning.all(c))] : []),
  ];
}

/** Where things stand, as plain data for `status`, the console and metrics. */
export function statusOf(state: State) {
  const c: Context = state.snapshot.context;
  const value = state.snapshot.value as Readonly<Record<string, unknown>>;
  const since = wellSinceMs(c);
  const access = stateName(value, 'access');
  return {
    atMs: c.nowMs,
    state: access.replace(/\..*$/, ''),
    substate: access,
    steering: stateName(value, 'steering'),
    route: stateName(value, 'route'),
    record: stateName(value, 'record'),
    host: c.settings.hostId,
    nfsIp: c.settings.nfsIp,
    home: home(c).id,
    target: c.target,
    gateway: pathOf(c, c.target)?.ip ?? null,
    table: c.table,
    goal: c.goal,
    pin: c.memory.pin,
    paused: c.memory.paused,
    shadow: c.run.shadow,
    hold: {
      relapses: c.memory.relapses,
      holdMs: holdMs(c.memory.relapses, c.settings),
      wellForMs: since === null ? null : c.nowMs - since,
    },
    preferenceMoves: recentMoves(c.memory, c.nowMs).length,
    budgetPerHour: c.settings.switch.budgetPerHour,
    sessionRecord: c.record,
    alarms: state.standing.alarms,
    timers: state.timers.map((t) => ({
      id: t.id.replace(/^xstate\.after\.([^.]+)\..*$/, '$1'),
      inMs: t.atMs - c.nowMs,
    })),
    paths: state.beliefs.paths.map((w) =>
      pathStatus(c, w, state.standing.paces[w.path.id] ?? 'idle'),
    ),
  };
}

export type Status = ReturnType<typeof statusOf>;

function pathStatus(c: Context, { path, belief, view }: Watched, pace: Pace) {
  return {
    ...path,
    class: path.network,
    isHome: path.id === home(c).id,
    isTarget: path.id === c.target,
    pace,
    verdict: view.verdict,
    cause: view.cause,
    says: explainVerdict(belief, view, c.nowMs, c.settings),
    upSinceMs: view.upSinceMs,
    signals: {
      ping: { value: belief.ping.value, ageMs: age(c, belief.ping.atMs) },
      service: {
        value: serviceNow(belief, c.nowMs, c.settings),
        ageMs: age(c, belief.service.atMs),
      },
      session: {
        value: sessionWord(belief, c.nowMs, c.settings),
        ageMs: age(c, belief.session.atMs),
      },
    },
  };
}

/** Age of a signal, ms; null if it was never learnt. */
function age(c: Context, atMs: number): number | null {
  return atMs <= Number.MIN_SAFE_INTEGER / 2 ? null : Math.max(0, c.nowMs - atMs);
}
