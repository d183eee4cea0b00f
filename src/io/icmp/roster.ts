/**
 * The targets, found by path, by the index in our payload, and by address. A reload keeps what is
 * known of a target whose path and address stay the same.
 */

import type { PathId } from '../../machines/model.ts';
import type { ProbePlan } from './plan.ts';
import { createTarget, type Target } from './target.ts';

export interface Roster {
  all(): readonly Target[];
  byPath(path: PathId): Target | undefined;
  byIndex(index: number): Target | undefined;
  byIp(ip: string): Target | undefined;
  /** True for an index that some target has or had. */
  wasIssued(index: number): boolean;
  /** Makes these the targets; returns those that are no longer, marked as gone. */
  assign(wanted: ProbePlan['targets']): readonly Target[];
}

export function createRoster(): Roster {
  let byPath = new Map<PathId, Target>();
  let byIndex = new Map<number, Target>();
  let byIp = new Map<string, Target>();
  let all: readonly Target[] = [];
  let nextIndex = 0;

  function keepOrCreate(path: PathId, ip: string): Target {
    const known = byPath.get(path);
    return known?.ip === ip ? known : createTarget(path, ip, nextIndex++);
  }

  return {
    all: () => all,
    byPath: (path) => byPath.get(path),
    byIndex: (index) => byIndex.get(index),
    byIp: (ip) => byIp.get(ip),
    wasIssued: (index) => index < nextIndex,
    assign(wanted) {
      const before = all;
      all = wanted.map(({ path, ip }) => keepOrCreate(path, ip));
      for (const [position, target] of all.entries()) target.phase = position / all.length;
      byPath = new Map(all.map((target) => [target.path, target]));
      byIndex = new Map(all.map((target) => [target.index, target]));
      byIp = new Map(all.map((target) => [target.ip, target]));
      const gone = before.filter((target) => byIndex.get(target.index) !== target);
      for (const target of gone) target.isGone = true;
      return gone;
    },
  };
}
