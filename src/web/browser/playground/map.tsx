/**
 * The little cluster as host 1 sees it: its route drawn in, the wires, and three SCVMs. What is true
 * is drawn (power, wires, sessions); what the daemon believes of each path is the colour of its
 * wire's button. Every part can be clicked into a fault and back.
 */

import type { Status } from '../../../machines/explain.ts';
import type { Network } from '../../../machines/model.ts';
import { Buttons, Chooser, type Clicks, Doing } from './controls.tsx';
import {
  accessOf,
  heal,
  heartbeatsOf,
  isDead,
  leader,
  leaderFails,
  NETWORKS,
  networkOf,
  powerOf,
  restartOf,
  wireOf,
} from './faults.ts';
import { HostCard } from './host-card.tsx';
import { span } from './words.ts';
import type { ScvmView } from './world-view.ts';

export interface MapProps {
  readonly clicks: Clicks;
  /** Null: no daemon runs. */
  readonly status: Status | null;
  readonly atMs: number;
}

type PathStatus = Status['paths'][number];

const KIND: Readonly<Record<Network, string>> = { storage: 'data', management: 'manage' };

/** The path that the table names, as `scvm3/data`; null: the private network, or nobody's. */
function routed({ clicks, status }: MapProps): PathStatus | null {
  const gateway = clicks.world.table[0]?.gateway;
  return status?.paths.find((p) => p.ip === gateway) ?? null;
}

export function ClusterMap(props: MapProps) {
  const { clicks } = props;
  const path = routed(props);
  return (
    <section class="pg-card pg-map" aria-labelledby="map-title">
      <header class="pg-card-head">
        <h2 id="map-title">The cluster, as host1 sees it</h2>
        <div class="pg-leader">
          <span>Leader</span>
          <Chooser control={leader} clicks={clicks} />
          <Doing act={leaderFails} clicks={clicks} />
          <Doing act={heal} clicks={clicks} />
        </div>
      </header>
      <div class="pg-grid" data-flowing={clicks.world.isFlowing}>
        <HostCard clicks={clicks} status={props.status} atMs={props.atMs} />
        {NETWORKS.map((network) => (
          <Bus
            key={network}
            network={network}
            clicks={clicks}
            reach={
              path?.network === network
                ? clicks.world.scvms.findIndex((s) => s.name === path.scvm)
                : -1
            }
          />
        ))}
        {clicks.world.scvms.map((scvm) => (
          <ScvmColumn key={scvm.name} scvm={scvm} path={path} {...props} />
        ))}
      </div>
    </section>
  );
}

/** `reach`: the route leads along it to this SCVM's wire; -1: not at all. */
function Bus({
  network,
  clicks,
  reach,
}: {
  network: (typeof NETWORKS)[number];
  clicks: Clicks;
  reach: number;
}) {
  return (
    <div class="pg-bus" data-network={network} data-dead={isDead(clicks.world, network)}>
      <span class="pg-line" aria-hidden="true" />
      {reach >= 0 && <span class="pg-line pg-route" data-reach={reach} aria-hidden="true" />}
      <span class="pg-bus-name">{network} network</span>
      <Chooser control={networkOf(network)} clicks={clicks} />
    </div>
  );
}

function ScvmColumn({
  scvm,
  path,
  clicks,
  status,
  atMs,
}: MapProps & { scvm: ScvmView; path: PathStatus | null }) {
  const of = (network: Network): PathStatus | undefined =>
    status?.paths.find((p) => p.scvm === scvm.name && p.network === network);
  return (
    <div class="pg-column" data-scvm={scvm.name}>
      {NETWORKS.map((network) => (
        <Wire
          key={network}
          id={`${scvm.name}/${KIND[network]}`}
          network={network}
          known={of(network)}
          isRoute={path?.scvm === scvm.name && path.network === network}
          clicks={clicks}
        />
      ))}
      <ScvmCard scvm={scvm} isTarget={path?.scvm === scvm.name} clicks={clicks} atMs={atMs} />
    </div>
  );
}

function Wire({
  id,
  network,
  known,
  isRoute,
  clicks,
}: {
  id: string;
  network: Network;
  known: PathStatus | undefined;
  isRoute: boolean;
  clicks: Clicks;
}) {
  const isCut = clicks.world.cut.has(id);
  const verdict = known?.verdict ?? 'unknown';
  const [whole, cut] = wireOf(id).choices;
  const next = isCut ? whole : cut;
  const says = known ? known.says : 'no daemon runs';
  const kind = KIND[network];
  return (
    <div class="pg-wire" data-network={network} data-cut={isCut} data-route={isRoute}>
      <button
        type="button"
        data-verdict={verdict}
        aria-pressed={isCut}
        aria-label={`${id.split('/')[1]} ${verdict}, wire of ${id}, ${isCut ? 'cut' : 'whole'}: ${says}`}
        title={`${verdict}: ${says}. Click to ${isCut ? 'mend' : 'cut'} the wire.`}
        onClick={() => next && clicks.click(next.lines)}
      >
        <span class="pg-dot" aria-hidden="true" />
        {kind} <b>{verdict}</b>
        <span class="pg-cut" aria-hidden="true">
          {isCut ? 'cut' : ''}
        </span>
      </button>
    </div>
  );
}

function ScvmCard({
  scvm,
  isTarget,
  clicks,
  atMs,
}: {
  scvm: ScvmView;
  isTarget: boolean;
  clicks: Clicks;
  atMs: number;
}) {
  const { name, session, powered } = scvm;
  const age = span(Math.max(0, atMs - session.startMs));
  return (
    <article class="pg-scvm" data-on={powered} data-target={isTarget} aria-label={name}>
      <h3>
        {name}
        {name === 'scvm1' && <span class="pg-tag">home</span>}
        {scvm.isLeader && <span class="pg-tag pg-tag-leader">leader</span>}
        {isTarget && <span class="pg-tag pg-tag-route">route</span>}
      </h3>
      <div class="pg-field">
        <span>Power</span>
        <Buttons control={powerOf(name)} clicks={clicks} />
      </div>
      <div class="pg-field">
        <span>Access</span>
        <Buttons control={accessOf(name)} clicks={clicks} disabled={!powered} />
      </div>
      <div class="pg-field">
        <span>Session</span>
        <span class="pg-session">
          {session.state}, {session.state === 'alive' ? age : session.uuid}
        </span>
        <Doing act={restartOf(name)} clicks={clicks} />
      </div>
      <div class="pg-field">
        <span>Heartbeats</span>
        <Chooser control={heartbeatsOf(name)} clicks={clicks} />
      </div>
    </article>
  );
}
