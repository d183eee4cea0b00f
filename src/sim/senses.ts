/**
 * Virtual senses: what the daemon's prober, service probe, session poll and link watch would report
 * of the simulated world, at the times at which they would. One-for-one with src/io, without
 * sockets. They decide nothing.
 */

import type { Fact } from '../machines/events.ts';
import type { LinkView, Network, Pace, PathId } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { type Answers, createAnswers } from './answers.ts';
import {
  type Conditions,
  leaderAnswers,
  listedSessions,
  pollFailure,
  reachable,
  serviceOf,
} from './conditions.ts';
import type { Body } from './pilot.ts';
import { createPings } from './pings.ts';
import { createRound, type Round } from './round.ts';
import { createServices } from './services.ts';

export interface Senses {
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  readLinks(): void;
  /** A kept-open connection tells of a dying service at once, not at the next round. */
  serviceDied(scvm: string): void;
  /** A reload: other numbers, other paths. */
  retarget(settings: Settings): void;
  /** Throws away what is in flight and asks nothing until `restart`. */
  freeze(): void;
  restart(): void;
  stop(): void;
  /** Asks nothing and reports nothing until it wakes (leap.ts). */
  doze(): void;
  /**
   * As if it had asked all the time, and had heard what was due before now, or now by a smaller
   * rank. Asks on from here.
   */
  wake(rank: number): Heard;
  /** Is an answer on its way that says something else than asking now would? */
  isNewsDue(): boolean;
  /** When a probe may next be lost by chance, although its path is well. */
  sureUntilMs(): number;
}

/** When the last answers arrived while it dozed, by position of the path; undefined: none did. */
export interface Heard {
  pingMs(at: number): number | undefined;
  serviceMs(at: number): number | undefined;
  readonly listsMs: number | undefined;
}

const POLL_ANSWER_MS = 5;
const POLL_RANK = 1002;

export function createSenses(body: Body, first: Settings, report: (fact: Fact) => void): Senses {
  const { world: w, queue, clock } = body;
  let s = first;
  const paths = w.paths.length;
  const asked = { small: 0, full: paths, service: 2 * paths, lists: 3 * paths };
  const answers: Answers = createAnswers(clock, 3 * paths + 1, report);
  const pings = createPings(body, first, answers, asked);
  const services = createServices(body, first, answers, asked.service, pings.rounds);
  const lists = createRound(
    clock,
    POLL_RANK,
    () => poll(clock.nowMs()),
    () => s.session.pollIntervalMs,
  );
  lists.begin(clock.nowMs() + 5);
  const all: readonly Round[] = [...pings.rounds, services.round, lists];

  function poll(sentMs: number): void {
    const error = leaderAnswers(w) ? null : pollFailure(w);
    const make = (): Fact => {
      const atMs = clock.nowMs();
      if (error !== null) return { type: 'SESSIONS_FAILED', atMs, error };
      const sessions = listedSessions(w, queue.nowMs());
      return { type: 'SESSIONS_LISTED', atMs, sessions, from: 'leader' };
    };
    answers.dueFrom(asked.lists, error === null, lists, sentMs + POLL_ANSWER_MS, make);
  }

  function makeUpForLists(rank: number): void {
    const times = lists.timesUntil(clock.nowMs(), rank);
    if (times > 1) lists.skip(times - 1);
    if (times > 0) {
      const { dueMs } = lists;
      lists.skip(1);
      poll(dueMs);
    }
    lists.begin(lists.dueMs);
  }

  return {
    pace: pings.pace,
    readLinks() {
      report({ type: 'LINKS_READ', atMs: clock.nowMs(), byPath: linkViews(w) });
    },
    serviceDied: services.died,
    retarget(settings) {
      s = settings;
      pings.retarget(settings);
      services.retarget(settings);
    },
    freeze() {
      for (const round of all) round.end();
    },
    restart() {
      for (const round of all) round.resume();
    },
    stop() {
      services.stop();
      for (const round of all) round.end();
      for (const ping of pings.rounds) ping.isWatched = false;
    },
    doze() {
      answers.doze();
      for (const round of all) round.doze();
    },
    wake(rank) {
      answers.wake(rank, () => {
        services.makeUpFor(rank);
        makeUpForLists(rank);
        pings.makeUpFor(rank);
      });
      return {
        pingMs: (at) => answers.heardMs(asked.small + at),
        serviceMs: (at) => answers.heardMs(asked.service + at),
        listsMs: answers.heardMs(asked.lists),
      };
    },
    isNewsDue() {
      for (const { path, at } of pings.rounds) {
        const reached = reachable(w, path);
        const passes = reached && !w.mtuCut.has(path.id);
        if (answers.isOtherDue(asked.small + at, reached)) return true;
        if (answers.isOtherDue(asked.full + at, passes)) return true;
        if (answers.isOtherDue(asked.service + at, serviceOf(w, path) === 'up')) return true;
      }
      return answers.isOtherDue(asked.lists, leaderAnswers(w));
    },
    sureUntilMs: pings.sureUntilMs,
  };
}

function linkViews(w: Conditions): Record<PathId, LinkView> {
  const view = (network: Network): LinkView => ({
    device: network,
    up: w.links[network],
    source: w.source[network],
  });
  return Object.fromEntries(w.paths.map((p) => [p.id, view(p.network)]));
}
