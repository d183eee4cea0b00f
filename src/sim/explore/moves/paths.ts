/**
 * The health of the paths: any verdict may follow any other, on one path, on all paths of an SCVM or
 * a network, or on all at once. Of a path that no decision looks at closely only "up or not" is told
 * apart (see `relevant` in space.ts): it may become anything else as soon as one does.
 */

import type { Path, Verdict } from '../../../machines/model.ts';
import { relevant, type Space, type Spot } from '../space.ts';
import type { Views } from '../views.ts';
import type { Move, MoveMaker } from './move.ts';

const VERDICTS: readonly Verdict[] = ['up', 'suspect', 'down', 'unknown'];

export const pathMoves: MoveMaker = (scope, space) => {
  const { paths } = space.scale.settings;
  const live = paths.flatMap((p, i) => (scope.live.includes(p.id) ? [i] : []));
  const singles = live.flatMap((i) => VERDICTS.map((v) => single(space, paths[i]?.id ?? '', i, v)));
  const groups = scope.joint ? groupsOf(paths, live) : [];
  const joint = groups.flatMap(([says, at]) =>
    (at.length === live.length ? VERDICTS : (['up', 'down'] as const)).map((verdict) =>
      several(space, says, at, verdict),
    ),
  );
  return [...singles, ...joint, confirmed(space)];
};

function single(space: Space, id: string, at: number, verdict: Verdict): Move {
  const isPlain = verdict === 'up' || verdict === 'down';
  return {
    kind: 'paths',
    says: `${id} is ${verdict}`,
    isOpen(spot) {
      const health = spot.views.of[at];
      if (!health || health.verdict === verdict) return false;
      return isPlain || (relevant(spot)?.[at] ?? true);
    },
    play: (hand) =>
      hand.evidence('PROBE', { views: space.views.changed(hand.now().views, [at], verdict) }),
  };
}

/** Each group that is larger than one path, once. */
function groupsOf(paths: readonly Path[], live: readonly number[]): [string, number[]][] {
  const of = (says: string, isIn: (p: Path) => boolean): [string, number[]] => [
    says,
    live.filter((i) => isIn(paths[i] as Path)),
  ];
  const scvms = [...new Set(paths.map((p) => p.scvm))];
  const found = [
    of('every path', () => true),
    of('every path but home', (p) => p !== paths[0]),
    of('every storage path', (p) => p.network === 'storage'),
    of('every management path', (p) => p.network === 'management'),
    ...scvms.map((scvm) => of(`every path of ${scvm}`, (p) => p.scvm === scvm)),
  ];
  const keys = found.map(([, at]) => at.join());
  return found.filter(([, at], i) => at.length > 1 && keys.indexOf(at.join()) === i);
}

function several(space: Space, says: string, at: readonly number[], verdict: Verdict): Move {
  const changed = ({ views }: Spot): Views => {
    const there = at.filter((i) => i < views.of.length);
    return space.views.changed(views, there, verdict);
  };
  return {
    kind: 'paths',
    says: `${says} is ${verdict}`,
    isOpen(spot) {
      const others = at.filter((i) => (spot.views.of[i]?.verdict ?? verdict) !== verdict);
      return others.length > 1;
    },
    play: (hand) => hand.evidence('PROBE', { views: changed(hand.now()) }),
  };
}

/** Doubt does not last: a path that goes on giving bad signs is down after its confirmation. */
function confirmed(space: Space): Move {
  const doubted = ({ views }: Spot): number[] =>
    views.of.flatMap((h, i) => (h.verdict === 'suspect' ? [i] : []));
  return {
    kind: 'paths',
    says: 'every path in doubt is confirmed down',
    calm: 5,
    isOpen: (spot) => doubted(spot).length > 0,
    play(hand) {
      const { views } = hand.now();
      hand.evidence('PROBE', { views: space.views.changed(views, doubted(hand.now()), 'down') });
    },
  };
}

/** Home's access service began anew between two probes: up all along, and yet not well. */
export const restartMoves: MoveMaker = (_, space) => [
  {
    kind: 'session',
    says: "home's session is new, although no probe was lost",
    isOpen: ({ views }) => views.of[0]?.verdict === 'up' && space.views.restarted(views) !== views,
    play: (hand) => hand.evidence('SESSION', { views: space.views.restarted(hand.now().views) }),
  },
];
