/**
 * What the page shows of one moment, whatever is known of it: all of it (a scene, live or replayed),
 * where things stood (from the tape, at once, while a scrub goes on), or nothing and why. Every part
 * of the page is drawn from this and nothing else.
 */

import type { Base, Scene } from '../../shapes.ts';
import type { Then } from './tape.ts';

export type PathRow = Scene['status']['paths'][number];

/** What a path is, without what was believed of it at the moment. */
export type PathInfo = Pick<
  PathRow,
  'id' | 'scvm' | 'kind' | 'network' | 'ip' | 'local' | 'isHome' | 'verdict'
>;

export interface Shown {
  readonly isLive: boolean;
  readonly wallMs: number;
  /** The daemon's monotonic clock: runs when live, stands still in the past. */
  atMs(): number;
  readonly regions: Base['regions'];
  readonly target: string | null;
  readonly home: string | null;
  readonly alarms: Readonly<Record<string, string>>;
  readonly paths: readonly PathInfo[];
  /** Everything with its numbers; null: only the above is known. */
  readonly scene: Scene | null;
  /** Why there is nothing to show; empty: there is. */
  readonly unknownSays: string;
}

export function shownScene(scene: Scene, isLive: boolean, atMs: () => number): Shown {
  const { status } = scene;
  return {
    isLive,
    wallMs: scene.wallMs,
    atMs: isLive ? atMs : () => status.atMs,
    regions: {
      access: status.substate,
      steering: status.steering,
      route: status.route,
      record: status.record,
    },
    target: status.target,
    home: status.home,
    alarms: status.alarms as Record<string, string>,
    paths: status.paths,
    scene,
    unknownSays: '',
  };
}

/** `like`: the last scene, for what paths there are; their names rarely change in a day. */
export function shownThen(then: Then, wallMs: number, like: Scene | null): Shown {
  const known: Base = then.known
    ? then.base
    : { regions: {}, target: null, verdicts: {}, alarms: [] };
  const rows = like?.status.paths ?? [];
  return {
    isLive: false,
    wallMs,
    atMs: () => 0,
    regions: known.regions,
    target: known.target,
    home: like?.status.home ?? null,
    alarms: Object.fromEntries(known.alarms.map((name) => [name, ''])),
    paths: rows.map(({ id, scvm, kind, network, ip, local, isHome }) => {
      const verdict = known.verdicts[id] ?? 'unknown';
      return { id, scvm, kind, network, ip, local, isHome, verdict };
    }),
    scene: null,
    unknownSays: then.known ? '' : then.says,
  };
}
