/** Host 1: its route as the kernel has it, its I/O as it really flows, and what can befall it. */

import type { Status } from '../../../machines/explain.ts';
import { Chooser, type Clicks, Doing } from './controls.tsx';
import { commands, daemon, firewall, hostActs, operatorActs, table } from './faults.ts';

export function HostCard({
  clicks,
  status,
}: {
  clicks: Clicks;
  status: Status | null;
  atMs: number;
}) {
  const { world } = clicks;
  const [entry] = world.table;
  return (
    <article class="pg-host" aria-label="host1">
      <h3>host1</h3>
      <p class="pg-table">
        {entry ? (
          <>
            192.168.33.2/32
            <br />
            via <b>{entry.gateway ?? 'nobody'}</b>
          </>
        ) : (
          'no host route: the private network leads to scvm1'
        )}
      </p>
      <p class="pg-io" data-flowing={world.isFlowing}>
        <span class="pg-dot" aria-hidden="true" />
        {world.isFlowing ? 'I/O flows' : 'I/O stands still'}
      </p>
      <p class="pg-mode">
        {status
          ? `${status.steering === 'Loop' ? 'LOOP, automatic' : status.steering}`
          : 'no daemon runs'}
      </p>
      <details>
        <summary>Operator</summary>
        <div class="pg-acts">
          {operatorActs.map((act) => (
            <Doing key={act.line} act={act} clicks={clicks} />
          ))}
        </div>
      </details>
      <details>
        <summary>Host faults</summary>
        <div class="pg-acts">
          {hostActs.map((act) => (
            <Doing key={act.line} act={act} clicks={clicks} />
          ))}
          {[daemon, commands, table, firewall].map((control) => (
            <div class="pg-field" key={control.id}>
              <span>{control.label.replace("host1's ", '')}</span>
              <Chooser control={control} clicks={clicks} />
            </div>
          ))}
        </div>
      </details>
    </article>
  );
}
