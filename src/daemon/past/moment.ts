/**
 * One moment of the past, exactly: the journal's facts through the decision itself, from the last
 * state that the journal holds up to the time asked for. States met on the way are kept, so that
 * the next moment nearby is quick. Bounded: a fixed number of states, and work in slices between
 * which it can be called off.
 */

import { join } from 'node:path';
import { parseJournalLine } from '../../io/journal-line.ts';
import { rawLines } from '../../io/journal-read.ts';
import { type Chain, follow, noChain } from '../../machines/chain.ts';
import type { State, Step } from '../../machines/decide.ts';
import type { Fact } from '../../machines/events.ts';
import { fastEngine } from '../../machines/fast.ts';
import { fromPlain, type PlainState } from '../../machines/plain.ts';
import type { Settings } from '../../machines/settings.ts';
import type { Moment } from '../../web/shapes.ts';
import { sceneOf } from '../sight.ts';
import { createTraffic, KEPT_SECONDS, type TrafficLog } from '../traffic.ts';
import type { Start } from './digest.ts';
import { type Past, wallOf } from './timeline.ts';

/** A state to go on from: what the line at `offset` will meet. */
interface Waypoint {
  readonly offset: number;
  readonly atMs: number;
  readonly state: State;
  readonly chain: Chain;
}

const FACTS_PER_WAYPOINT = 10_000;
/** A state of a path is about a kilobyte; about 40 MB of them are kept. */
const MAX_WAYPOINTS = 1000;
const MAX_KEPT_PATHS = 40_000;
/** About 10 ms of work. */
const FACTS_PER_SLICE = 4000;

export interface Moments {
  /** `pause` is awaited between slices; it throws to call the work off. */
  at(past: Past, wallMs: number, pause: () => Promise<void>): Promise<Moment>;
  /** No more states are kept: the oldest used would go. */
  isFull(): boolean;
}

export function createMoments(dir: string): Moments {
  /** By start, oldest used first. */
  const waypoints = new Map<string, Waypoint[]>();
  let count = 0;
  let most = MAX_WAYPOINTS;

  /** The latest waypoint before the curves that are wanted begin; undefined: begin at the header. */
  function nearest(key: string, atMs: number): Waypoint | undefined {
    const fromMs = atMs - KEPT_SECONDS * 1000;
    const known = waypoints.get(key) ?? [];
    waypoints.delete(key);
    waypoints.set(key, known);
    return known.findLast((w) => w.atMs <= fromMs);
  }

  function keep(key: string, waypoint: Waypoint): void {
    const known = waypoints.get(key) ?? [];
    if ((known.at(-1)?.offset ?? -1) >= waypoint.offset) return;
    known.push(waypoint);
    waypoints.set(key, known);
    count += 1;
    const paths = waypoint.state.beliefs.paths.length;
    most = Math.min(MAX_WAYPOINTS, Math.floor(MAX_KEPT_PATHS / Math.max(1, paths)));
    for (const [oldest, list] of waypoints) {
      if (count <= most || oldest === key) break;
      waypoints.delete(oldest);
      count -= list.length;
    }
  }

  return {
    isFull: () => count >= most,
    async at(past, wallMs, pause) {
      const found = startOf(past, wallMs);
      if (typeof found === 'string') return { ok: false, says: found };
      const untilMs = found.monoMs + (wallMs - found.wallMs);
      const key = `${found.segment}:${found.offset}`;
      const from = nearest(key, untilMs);
      const run = createRun(from);
      let facts = 0;
      let doubt = '';
      for (const line of rawLines(join(dir, found.segment), from?.offset ?? found.offset)) {
        if (!line.isWhole) break;
        const entry = parseJournalLine(line.bytes.toString('utf8'));
        if (entry.kind === 'header') {
          if (line.offset !== found.offset) break;
          const problem = run.begin(entry.body);
          if (problem !== null) return { ok: false, says: problem };
        } else if (entry.kind === 'problem') {
          doubt = 'a line before this could not be read: what it said is missing here';
        } else if (entry.kind === 'gap') break;
        if (entry.kind !== 'fact') continue;
        if (entry.fact.atMs > untilMs) break;
        if (facts % FACTS_PER_WAYPOINT === 0) {
          const waypoint = run.waypoint(line.offset);
          if (waypoint && doubt === '') keep(key, waypoint);
        }
        run.tell(entry.fact);
        facts += 1;
        if (facts % FACTS_PER_SLICE === 0) await pause();
      }
      return run.moment(untilMs, (atMs) => wallOf(found, atMs), doubt);
    },
  };
}

/** Where to begin for a time; a text: why there is nothing to show. */
function startOf({ timeline, starts }: Past, wallMs: number): Start | string {
  const start = starts.findLast((s) => s.wallMs <= wallMs);
  if (!start) return 'the journal does not reach back to that time';
  const gap = timeline.gaps.find((g) => g.fromMs < wallMs && wallMs < g.toMs);
  return gap && gap.why !== 'broken' ? gap.says : start;
}

interface Run {
  /** Null: a state to go on from. */
  begin(body: Readonly<Record<string, unknown>>): string | null;
  tell(fact: Fact): void;
  waypoint(offset: number): Waypoint | null;
  moment(atMs: number, toWall: (atMs: number) => number, doubt: string): Moment;
}

function createRun(from: Waypoint | undefined): Run {
  let state: State | null = from?.state ?? null;
  let chain: Chain = from?.chain ?? noChain;
  let settings: Settings | null = from?.state.snapshot.context.settings ?? null;
  const traffic: TrafficLog = createTraffic(pathsOf(settings));
  let atMs = from?.atMs ?? 0;

  function stepOf(fact: Fact): Step | null {
    if (fact.type === 'STARTED') return settings ? fastEngine.start(settings, fact) : null;
    return state ? fastEngine.decide(state, fact) : null;
  }

  return {
    begin(body) {
      try {
        settings = (body.settings as Settings | undefined) ?? null;
        traffic.retarget(pathsOf(settings));
        state = body.state ? fromPlain(body.state as PlainState) : null;
        return null;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return `the state of ${String(body.version)} cannot be replayed by this version: ${text}`;
      }
    },
    tell(fact) {
      atMs = fact.atMs;
      if (fact.type === 'RELOADED') traffic.retarget(pathsOf(fact.settings));
      traffic.note(fact);
      const step = stepOf(fact);
      if (!step) return;
      state = step[0];
      if (step[1].length > 0) chain = follow(chain, step[1], fact.atMs);
    },
    waypoint: (offset) => (state ? { offset, atMs, state, chain } : null),
    moment(untilMs, toWall, doubt) {
      if (!state) return { ok: false, says: 'no state is known yet at that time' };
      const scene = sceneOf(state, untilMs, chain, toWall);
      return { ok: true, scene, traffic: traffic.all(untilMs), doubt };
    },
  };
}

const pathsOf = (settings: Settings | null): string[] => settings?.paths.map((p) => p.id) ?? [];
