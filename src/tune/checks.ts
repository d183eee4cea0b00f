/** Cross checks of an experiment: what no single value shows. */

import { nearest } from '../config/nearest.ts';
import type { Experiment } from './experiment.ts';
import { type Finding, finding } from './finding.ts';
import type { RawExperiment } from './schema.ts';
import { settingCount, spaceOf } from './space.ts';
import { MIX_NAMES } from './world.ts';

export const ROWS_MAX = 10_000_000;

export function checkCluster({ cluster }: RawExperiment): Finding[] {
  const { scvms, hosts, zones } = cluster;
  const found: Finding[] = [];
  if (hosts > scvms) {
    const says = `${hosts} hosts with ${scvms} SCVMs: each host runs one of its own`;
    found.push(
      finding('TUNE_CLUSTER', ['cluster', 'hosts'], says, `Write hosts: ${scvms} or less.`),
    );
  }
  if (zones > 1 && scvms < 4) {
    const says = `${scvms} SCVMs in two zones leave nowhere to go in one of them`;
    found.push(
      finding('TUNE_CLUSTER', ['cluster', 'zones'], says, 'Write scvms: 4 or more, or zones: 1.'),
    );
  }
  return found;
}

export function checkMixes({ mixes }: RawExperiment): Finding[] {
  const names = Object.keys(mixes);
  if (names.length === 0) {
    const remedy = `Name at least one of: ${MIX_NAMES.join(', ')}.`;
    return [finding('TUNE_EMPTY', ['mixes'], 'names no fault mix', remedy)];
  }
  return checkMixNames(names);
}

export function checkMixNames(names: readonly string[]): Finding[] {
  return names.flatMap((name) => {
    if (MIX_NAMES.includes(name)) return [];
    const near = nearest(name, MIX_NAMES);
    const remedy = near ? `Did you mean ${near}?` : `Write one of: ${MIX_NAMES.join(', ')}.`;
    return [finding('TUNE_MIX', ['mixes', name], 'is no fault mix', remedy, 'key')];
  });
}

export function checkPolicies({ policies }: RawExperiment): Finding[] {
  const found = policies.flatMap((name, i) =>
    policies.indexOf(name) < i
      ? [finding('TUNE_TWICE', ['policies', i], 'is listed already', 'Remove it.')]
      : [],
  );
  if (policies.includes('chart')) return found;
  const says = policies.length === 0 ? 'names no policy' : 'does not name the chart';
  const remedy = 'Write policies: [chart], or [chart, old-tool]: the settings are the chart’s.';
  return [...found, finding('TUNE_EMPTY', ['policies'], says, remedy)];
}

export function checkSearch({ search, replications, ranges }: RawExperiment): Finding[] {
  const { method, settings, rungs, keep } = search;
  const found: Finding[] = [];
  const needless = (key: string, given: unknown, says: string): void => {
    if (given === undefined) return;
    const remedy = `Remove it, or write another method.`;
    found.push(finding('TUNE_RANGE_FORM', ['search', key], says, remedy));
  };
  if (method === 'grid') needless('settings', settings, 'a grid takes every combination');
  if (method !== 'halving') {
    needless('rungs', rungs, 'belongs to method: halving');
    needless('keep', keep, 'belongs to method: halving');
  }
  if (method === 'random' && settings === undefined) {
    const remedy = 'Add settings: how many are to be drawn, for example settings: 50.';
    found.push(finding('CFG_MISSING', ['search', 'settings'], 'is missing', remedy));
  }
  if (Object.keys(ranges).length === 0) {
    const remedy = 'Write at least one key, for example timers.back_to_normal: [0s, 180s].';
    found.push(finding('TUNE_EMPTY', ['ranges'], 'nothing is varied', remedy));
  }
  return method === 'halving' ? [...found, ...checkRungs(rungs, replications)] : found;
}

function checkRungs(rungs: readonly number[] | undefined, replications: number): Finding[] {
  const path = ['search', 'rungs'];
  if (rungs === undefined || rungs.length === 0) {
    const remedy = 'Write the replications after each rung, for example rungs: [4, 12].';
    return [finding('TUNE_RUNGS', path, 'halving needs its rungs', remedy)];
  }
  const all = [0, ...rungs];
  const rises = rungs.every((n, i) => n > (all[i] ?? 0));
  if (!rises) {
    const remedy = 'Write them in rising order, for example [4, 12, 36].';
    return [finding('TUNE_RUNGS', path, `${rungs.join(', ')} do not rise`, remedy)];
  }
  const last = rungs.at(-1) ?? 0;
  if (last <= replications) return [];
  const remedy = `Write replications: ${last}, or a smaller last rung.`;
  const says = `the last rung needs ${last} replications, there are ${replications}`;
  return [finding('TUNE_RUNGS', path, says, remedy)];
}

/** How many rows the raw results have at most. */
export const rowCount = (e: Experiment): number =>
  spaceOf(e).count * e.mixes.length * e.replications;

export function checkSize(e: Experiment): Finding[] {
  const rows = rowCount(e);
  if (rows <= ROWS_MAX) return [];
  const per = `${settingCount(e)} settings x ${e.mixes.length} mixes x ${e.replications} replications`;
  const says = `${per} make ${rows} rows, at most ${ROWS_MAX} are taken`;
  const remedy = 'Write fewer values, or search: { method: random, settings: 1000 }.';
  return [finding('TUNE_TOO_MANY', ['ranges'], says, remedy, 'head')];
}
