/**
 * A model of the tool before this one (DOMAIN.md sections 2 to 5), to compare with: a loop that
 * pings every address, reads the session list and, with nothing but this round's answers, decides.
 * Home as soon as its session is old enough; else it stays while its target lives; else the first
 * that lives by order. A switch is a delete and an add. No damping, no growing hold, no memory, no
 * asking of the service, no breaking of connections; the record is sent once.
 *
 * Not modelled: pinning by hand, SSH and cron. Rounds in which nothing can be new are leapt over: it
 * dozes until the world changes, a ping may be lost by chance, or home's session is old enough.
 */

import type { Path, RouteEntry, SwitchKind } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { leaderAnswers, listedSessions, reachable, scvmOf } from './conditions.ts';
import { ownEntry } from './hands.ts';
import type { Body, Pilot } from './pilot.ts';
import type { OldToolNumbers } from './policy.ts';

/** One round's answers about one path. */
interface Heard {
  readonly path: Path;
  /** Its position in the world's paths. */
  readonly at: number;
  pinged: boolean;
}

/** Rounds that all go as the last one went. */
interface Doze {
  readonly heard: readonly Heard[];
  /** When the next one begins. */
  readonly nextMs: number;
  readonly periodMs: number;
}

export function createOldTool(body: Body, first: Settings, n: OldToolNumbers): Pilot {
  const { world: w, queue, clock, weather } = body;
  let settings = first;
  let task: () => void = round;
  const timer = clock.timer(() => task());
  let doze: Doze | null = null;
  const now = clock.nowMs;

  function next(atMs: number, act: () => void): void {
    task = act;
    timer.set(atMs);
  }

  function round(): void {
    const heard = w.paths.flatMap((path, at): Heard[] =>
      settings.paths.some((p) => p.id === path.id) ? [{ path, at, pinged: false }] : [],
    );
    sweep(heard, now(), 1, false);
  }

  /** Asks those that did not answer yet; `unlucky`: a reply was lost by chance. */
  function sweep(heard: readonly Heard[], begunMs: number, tries: number, unlucky: boolean): void {
    let lost = unlucky;
    for (const x of heard) {
      if (x.pinged || !reachable(w, x.path)) continue;
      const rttMs = weather.probe(x.at);
      x.pinged = rttMs !== null && rttMs <= n.pingTimeoutMs;
      lost ||= !x.pinged;
    }
    if (heard.every((x) => x.pinged)) decide(heard, begunMs, lost);
    else if (tries < n.pingTries) {
      next(now() + n.pingTimeoutMs, () => sweep(heard, begunMs, tries + 1, lost));
    } else next(now() + n.pingTimeoutMs, () => decide(heard, begunMs, lost));
  }

  function decide(heard: readonly Heard[], begunMs: number, unlucky: boolean): void {
    const periodMs = now() - begunMs + n.loopMs;
    const choice = w.table.readable ? choose(heard) : null;
    if (choice) {
      switchTo(choice.path, choice.kind);
      return;
    }
    next(now() + n.loopMs, round);
    if (!unlucky && body.leaps) rest({ heard, nextMs: now() + n.loopMs, periodMs });
  }

  function choose(heard: readonly Heard[]): { path: Path; kind: SwitchKind } | null {
    const home = heard[0];
    const gateway = w.table.entries.length === 1 ? w.table.entries[0]?.gateway : null;
    const current = heard.find((x) => x.path.ip === gateway);
    if (home && lives(home) && homeAgeMs(home.path) >= n.backToNormalMs) {
      return home === current ? null : { path: home.path, kind: current ? 'return' : 'first' };
    }
    if (current && lives(current)) return null;
    const others = [...storage(heard.slice(1)), ...management(heard.slice(1))];
    // A home that has just come up is better than the management network.
    const ordered = [...storage(others), ...(home ? [home] : []), ...management(others)];
    const best = ordered.find((x) => x !== current && lives(x));
    return best ? { path: best.path, kind: current ? 'failover' : 'first' } : null;
  }

  /** Pinged, and its session is alive, as far as there is a list. */
  function lives({ pinged, path }: Heard): boolean {
    if (!pinged) return false;
    const sessions = leaderAnswers(w) ? listedSessions(w, queue.nowMs()) : null;
    return sessions === null || sessions.some((x) => x.ip === path.dataIp && x.alive);
  }

  function homeAgeMs(home: Path): number {
    const { startMs } = scvmOf(w.cluster, home.scvm).session;
    return leaderAnswers(w) ? queue.nowMs() - startMs : 0;
  }

  /** The next round may be the first that is not like the last; until it, nothing is done. */
  function rest(over: Doze): void {
    const asked = over.heard.filter((x) => x.pinged);
    const isSlow = asked.some((x) => weather.maxRttMs(x.path.network) > n.pingTimeoutMs);
    const rounds = Math.min(roundsUntilRipe(over), ...asked.map((x) => weather.calmProbes(x.at)));
    if (isSlow || rounds <= 0 || !weather.isCalm()) return;
    doze = over;
    timer.clear();
    const untilMs = over.nextMs + rounds * over.periodMs;
    if (Number.isFinite(untilMs)) next(untilMs, wake);
  }

  /** Rounds before the first that finds home's session old enough. */
  function roundsUntilRipe({ nextMs, periodMs }: Doze): number {
    const bornMs = scvmOf(w.cluster, w.paths[0]?.scvm ?? '').session.startMs;
    const ripeMs = clock.ofWorld(bornMs + n.backToNormalMs);
    if (ripeMs <= now()) return Number.POSITIVE_INFINITY;
    return Math.floor((ripeMs - nextMs - periodMs) / periodMs);
  }

  /** Makes up for the rounds that were slept through, and goes on in the one that is under way. */
  function wake(): void {
    if (!doze) return;
    const { heard, nextMs, periodMs } = doze;
    doze = null;
    const begun = begunBefore(nextMs, periodMs);
    for (const x of heard) if (x.pinged) weather.leap(x.at, begun);
    const lastMs = nextMs + (begun - 1) * periodMs;
    const sweepMs = periodMs - n.loopMs;
    const isSweeping = begun > 0 && sweepMs > 0 && now() < lastMs + sweepMs;
    if (!isSweeping) {
      next(nextMs + begun * periodMs, round);
      return;
    }
    const tries = Math.floor((now() - lastMs) / n.pingTimeoutMs) + 1;
    next(lastMs + tries * n.pingTimeoutMs, () => {
      if (tries < n.pingTries) sweep(heard, lastMs, tries + 1, false);
      else decide(heard, lastMs, false);
    });
  }

  /** Rounds that are under way or over; one that begins now has, unless this comes before it. */
  function begunBefore(nextMs: number, periodMs: number): number {
    if (now() < nextMs) return 0;
    const periods = Math.floor((now() - nextMs) / periodMs);
    const isNow = nextMs + periods * periodMs === now();
    return isNow && clock.rank() <= 0 ? periods : periods + 1;
  }

  /** Delete, then add: in between the host has no route but that to its own SCVM. */
  function switchTo(path: Path, kind: SwitchKind): void {
    body.ordered({
      type: 'SET_ROUTE',
      orderId: 0,
      path: path.id,
      kind,
      nfsIp: settings.nfsIp,
      gateway: path.ip,
      remove: w.table.entries,
      also: [],
      reason: kind,
    });
    command([], () =>
      command([ownEntry(path.ip)], () => {
        record();
        next(now() + n.loopMs, round);
      }),
    );
  }

  function command(entries: RouteEntry[], then: () => void): void {
    const { commands } = w;
    const isSlow = commands === 'hang' || commands === 'slow' || commands === 'late';
    const tookMs = isSlow ? settings.switch.commandDeadlineMs : n.commandMs;
    next(now() + tookMs, () => {
      const isDone = commands === 'ok' || commands === 'slow' || commands === 'late';
      if (isDone) body.setTable('controller', entries);
      then();
    });
  }

  function record(): void {
    const uuid = scvmOf(w.cluster, w.paths[0]?.scvm ?? '').session.uuid;
    const { cluster, source } = w;
    if (leaderAnswers(w) && cluster.recordWriter === 'ok') {
      cluster.records.set(uuid, [source.storage, source.management]);
      body.recorded();
    }
  }

  next(now(), round);
  return {
    isShadow: false,
    isRunning: () => true,
    tell: () => undefined,
    readLinks: () => undefined,
    serviceDied: () => undefined,
    reload(to) {
      settings = to;
      body.reloaded(to);
    },
    freeze(ms) {
      doze = null;
      next(now() + ms, round);
    },
    wake,
    look: () => undefined,
    stop() {
      doze = null;
      timer.clear();
    },
    state() {
      throw new Error('the old tool has no chart');
    },
  };
}

const storage = (some: readonly Heard[]): Heard[] =>
  some.filter((x) => x.path.network === 'storage');
const management = (some: readonly Heard[]): Heard[] =>
  some.filter((x) => x.path.network === 'management');
