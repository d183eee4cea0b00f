/**
 * Where a host's packets to the NFS address go, and what becomes of them there: the truth that its
 * storage client feels, whatever the daemon believes. Without a /32 the connected network leads to
 * the host's own SCVM over the private network (DOMAIN.md section 1).
 */

import type { Network, Path, PathId, RouteEntry } from '../machines/model.ts';
import { classOf } from '../machines/select.ts';
import { type Conditions, scvmOf, strangerAt } from './conditions.ts';
import type { Weather } from './weather.ts';

export interface Way {
  readonly scvm: string;
  readonly network: Network | 'private';
  /** The path whose gateway the table names; null: no entry, the private network. */
  readonly path: Path | null;
}

/**
 * `serves`: I/O goes on. `refuses`: no process listens. `hangs`: the kernel acknowledges what nobody
 * answers. `drops`: nothing comes back.
 */
export type Answer = 'serves' | 'refuses' | 'hangs' | 'drops';

/** What the truth is for one host at one time. */
export interface Sight {
  /** Null: the table names a gateway that no SCVM owns. */
  readonly way: Way | null;
  readonly answer: Answer;
  /** Could home's path serve this host? */
  readonly homeServes: boolean;
  /** What one I/O takes on this way while it flows. */
  readonly latencyMs: number;
}

/**
 * From here on TCP stands still for all a guest can tell: most segments and most repetitions of
 * them are lost (Padhye et al., 1998: beyond a loss of a half, timeouts are all that is left).
 */
const HALTING_LOSS = 0.5;

/** What one I/O takes beside the network, ms: a write to a block store of SSDs. */
const STORE_MS = 0.5;
/** RTT over a virtual switch without an uplink, ms. */
const PRIVATE_RTT_MS = 0.1;

/** Could this path serve the host's client? */
export function isServing(w: Conditions, id: PathId, weather: Weather): boolean {
  const path = w.paths.find((p) => p.id === id);
  return path !== undefined && answerOn(w, path, weather) === 'serves';
}

/** SCVMs that could serve this host as well as the one that this path leads to, by name. */
export function equalsOf(w: Conditions, id: PathId, weather: Weather): string[] {
  const path = w.paths.find((p) => p.id === id);
  const equals = w.paths.filter(
    (p) => path && classOf(p) === classOf(path) && (p === path || isServing(w, p.id, weather)),
  );
  return equals.map((p) => p.scvm).sort();
}

export function sightOf(w: Conditions, weather: Weather): Sight {
  const way = wayOf(w);
  const home = w.paths[0];
  return {
    way,
    answer: way ? answerOf(w, way, weather) : 'drops',
    homeServes: home !== undefined && answerOn(w, home, weather) === 'serves',
    latencyMs: STORE_MS + (way ? rttOf(way, weather) : 0),
  };
}

function wayOf(w: Conditions): Way | null {
  const entry = effective(w.table.entries);
  const home = w.paths[0];
  if (!entry) return home ? { scvm: home.scvm, network: 'private', path: null } : null;
  const path = entry.plain ? w.paths.find((p) => p.ip === entry.gateway) : undefined;
  return path ? { scvm: path.scvm, network: path.network, path } : null;
}

/** The kernel uses the lowest metric. */
function effective(entries: readonly RouteEntry[]): RouteEntry | undefined {
  let best = entries[0];
  for (const e of entries) if (best && e.metric < best.metric) best = e;
  return best;
}

function answerOf(w: Conditions, way: Way, weather: Weather): Answer {
  if (way.path) return answerOn(w, way.path, weather);
  return w.privateUp ? serverAnswer(w, way.scvm) : 'drops';
}

/** The host's firewall is no matter: it stops probes, not the kernel's own storage client. */
function answerOn(w: Conditions, p: Path, weather: Weather): Answer {
  const { cut } = w;
  if (!w.links[p.network] || cut.out.has(p.id) || cut.back.has(p.id)) return 'drops';
  if (w.mtuCut.has(p.id) || weather.lossRatio(p.network) >= HALTING_LOSS) return 'drops';
  const stranger = strangerAt(w, p);
  if (stranger) return stranger.answers === 'refused' ? 'refuses' : 'drops';
  return serverAnswer(w, p.scvm);
}

/** An access service that is out of the cluster must not serve, and does not. */
function serverAnswer(w: Conditions, name: string): Answer {
  const { powered, service, isExpired } = scvmOf(w.cluster, name);
  if (!powered) return 'drops';
  if (service === 'refused') return 'refuses';
  return service === 'silent' || isExpired ? 'hangs' : 'serves';
}

/** RTT of the client's own packets, ms. */
export function rttOf(way: Way, weather: Weather): number {
  if (way.network === 'private' || way.path?.local === true) return PRIVATE_RTT_MS;
  return weather.maxRttMs(way.network);
}
