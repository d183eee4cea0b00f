/**
 * Where things stand now: the state with its reason, the timers that run, and what stops each switch
 * that is not made, gate by gate. The gates are the decision's own (src/machines/explain.ts), asked
 * at the reader's time.
 */

import { lawMakers } from '../../../laws/all.ts';
import { type Context, changed } from '../../../machines/context.ts';
import { type Move, movesOf, type Status } from '../../../machines/explain.ts';
import type { Gate } from '../../../machines/gate.ts';
import { armedAtMs } from './history.ts';
import type { Frame, Recording } from './recording.ts';
import { span, type Top, topOf } from './words.ts';

export interface NowProps {
  readonly frame: Frame;
  readonly status: Status | null;
  readonly recording: Recording;
  readonly atMs: number;
}

const PURPOSE: Readonly<Record<Top, string>> = {
  Normal: 'The route is at home, and home is up.',
  Degraded: 'The target is in doubt; nothing has moved yet.',
  Rerouted: 'The route is away from home, and its target is up.',
  BackToNormal: 'Home is up again and serves its hold.',
  Off: 'No daemon runs. The route stays where it is.',
};

export function Now({ frame, status, recording, atMs }: NowProps) {
  const substate = status?.substate ?? 'Off';
  const top = topOf(substate);
  const context = frame.state && changed(frame.state.snapshot.context, { nowMs: atMs });
  return (
    <section class="pg-card pg-now" aria-labelledby="now-title">
      <h2 id="now-title" class="pg-hidden">
        Now
      </h2>
      <div class="pg-state" data-state={top} aria-live="polite">
        <strong>{top === 'Off' ? 'No daemon' : top}</strong>
        {substate !== top && <span>{substate.slice(top.length + 1)}</span>}
        <p>{PURPOSE[top]}</p>
      </div>
      {status && <Facts frame={frame} status={status} recording={recording} atMs={atMs} />}
      {frame.state && <Timers frame={frame} recording={recording} atMs={atMs} />}
      {context && <Moves context={context} />}
    </section>
  );
}

function Facts({ frame, status, recording, atMs }: NowProps & { status: Status }) {
  const { world } = frame;
  const standing = world.isFlowing ? 0 : atMs - frame.atMs;
  const alarms = Object.entries(status.alarms);
  const { relapses, holdMs } = status.hold;
  return (
    <>
      <dl class="pg-facts">
        <dt>Target</dt>
        <dd>
          {status.target ?? 'none'}
          {status.target === status.home ? ' (home)' : ''}
        </dd>
        <dt>Switches</dt>
        <dd>{world.switches}</dd>
        <dt>I/O stood still</dt>
        <dd>{span(world.outageMs + standing)}</dd>
        <dt>Hold</dt>
        <dd>
          {span(holdMs)}
          {relapses > 0 && `, ${relapses} ${relapses === 1 ? 'relapse' : 'relapses'}`}
        </dd>
        <dt>Laws</dt>
        <dd data-broken={recording.broken.length > 0}>
          {recording.broken[0]
            ? `broken: ${recording.broken[0].law}`
            : `all ${lawMakers.length} hold`}
        </dd>
      </dl>
      {alarms.length > 0 && (
        <ul class="pg-alarms" aria-label="Alarms">
          {alarms.map(([name, says]) => (
            <li key={name}>
              <b>{name}</b> {says}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const timerName = (id: string): string => id.replace(/^xstate\.after\.([^.]+)\..*$/, '$1');
const timerState = (id: string): string => id.replace(/^.*\.controller\./, '');

function Timers({ frame, recording, atMs }: Pick<NowProps, 'frame' | 'recording' | 'atMs'>) {
  const timers = frame.state?.timers ?? [];
  if (timers.length === 0) return <p class="pg-quiet">No timer runs.</p>;
  return (
    <ul class="pg-timers" aria-label="Running timers">
      {timers.map((t) => {
        const fromMs = armedAtMs(recording, frame, t.id, t.atMs);
        const leftMs = Math.max(0, t.atMs - atMs);
        const part = leftMs / Math.max(1, t.atMs - fromMs);
        return (
          <li key={t.id}>
            <span>
              <b>{timerName(t.id)}</b> in {timerState(t.id)}
            </span>
            <span class="pg-left">
              {span(leftMs)} of {span(t.atMs - fromMs)}
            </span>
            <span class="pg-bar" aria-hidden="true">
              <span style={{ width: `${part * 100}%` }} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Moves({ context }: { context: Context }) {
  return (
    <div class="pg-moves">
      <h3>What may move the route now</h3>
      {movesOf(context).map((move) => (
        <MoveRow key={move.move} move={move} />
      ))}
    </div>
  );
}

function MoveRow({ move: { move, stoppedBy, gates } }: { move: Move }) {
  return (
    <details>
      <summary>
        <Answer holds={stoppedBy === null} />
        <b>{move}</b>
        <span>{stoppedBy ? `${stoppedBy.name}: ${stoppedBy.says}` : 'every gate is open'}</span>
      </summary>
      <Gates gates={gates} />
    </details>
  );
}

/** Each gate with its numbers. */
export function Gates({ gates }: { gates: readonly Gate[] }) {
  return (
    <ul class="pg-gates">
      {gates.map((gate) => (
        <li key={gate.name}>
          <Answer holds={gate.open} />
          <b>{gate.name}</b> {gate.says}
        </li>
      ))}
    </ul>
  );
}

/** True or false, by shape and word as well as by colour. */
export function Answer({ holds }: { holds: boolean }) {
  return (
    <span class="pg-answer" data-holds={holds} role="img" aria-label={holds ? 'true' : 'false'}>
      {holds ? '\u2713' : '\u2717'}
    </span>
  );
}
