/**
 * Virtual senses: what the daemon's prober, service probe, session poll and link watch would report
 * of the simulated world, at the times at which they would. One-for-one with src/io, without
 * sockets. They decide nothing.
 */

import type { Fact, ProbeSize } from '../machines/events.ts';
import type { LinkView, Pace, Path, PathId, Session } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { type Conditions, reachable, scvmOf } from './conditions.ts';
import type { Cancel, Queue } from './queue.ts';

export interface Senses {
  pace(paces: Readonly<Record<PathId, Pace>>): void;
  readLinks(): void;
  /** The round in flight is thrown away. */
  discardRound(): void;
  stop(): void;
}

const RTT_MS = 0.2;
/** What the prober's timeout comes to on a quiet LAN (its lower bounds). */
const LEARNT_MS = { fast: 50, steady: 100, idle: 100 } as const;
const POLL_ANSWER_MS = 5;
/** Full-size probes go out once in so many small ones. */
const FULL_EVERY = 4;

export function createSenses(
  w: Conditions,
  s: Settings,
  queue: Queue,
  report: (fact: Fact) => void,
): Senses {
  let stopped = false;
  let round = 0;
  const paces = new Map<PathId, Pace>();
  const nextProbe = new Map<PathId, Cancel>();
  const lastService = new Map<PathId, string>();

  const tell = (fact: Fact): void => {
    if (!stopped) report(fact);
  };
  const later = (ms: number, make: () => Fact | null): void => {
    const mine = round;
    queue.at(queue.nowMs() + ms, () => {
      const fact = mine === round ? make() : null;
      if (fact) tell(fact);
    });
  };
  const now = (): number => queue.nowMs();

  function ping(p: Path, size: ProbeSize): void {
    if (!w.links[p.network]) {
      tell({ type: 'PING_UNSENT', atMs: now(), path: p.id, size, error: 'Network is unreachable' });
      return;
    }
    const passes = reachable(w, p) && !(size === 'full' && w.mtuCut.has(p.id));
    if (passes) {
      later(RTT_MS, () => ({ type: 'PING_REPLIED', atMs: now(), path: p.id, size, rttMs: RTT_MS }));
      return;
    }
    const waitedMs = LEARNT_MS[paces.get(p.id) ?? 'idle'];
    later(waitedMs, () => ({ type: 'PING_LOST', atMs: now(), path: p.id, size, waitedMs }));
  }

  function intervalOf(pace: Pace): number {
    if (pace === 'fast') return s.probe.fastIntervalMs;
    return pace === 'steady' ? s.probe.intervalMs : s.probe.idleIntervalMs;
  }

  function schedulePing(p: Path, inMs: number, count: number): void {
    nextProbe.get(p.id)?.();
    const cancel = queue.at(now() + inMs, () => {
      if (stopped) return;
      ping(p, 'small');
      if (s.probe.mtu > 0 && count % FULL_EVERY === 0) ping(p, 'full');
      schedulePing(p, intervalOf(paces.get(p.id) ?? 'idle'), count + 1);
    });
    nextProbe.set(p.id, cancel);
  }

  function askService(p: Path): void {
    const scvm = scvmOf(w, p.scvm);
    const waitedMs = s.service.intervalMs;
    if (!w.links[p.network]) {
      tell({ type: 'SERVICE_UNASKED', atMs: now(), path: p.id, error: 'Network is unreachable' });
    } else if (!reachable(w, p) || scvm.service === 'silent') {
      later(waitedMs - 1, () => ({ type: 'SERVICE_SILENT', atMs: now(), path: p.id, waitedMs }));
    } else if (scvm.service === 'refused') {
      tell({ type: 'SERVICE_REFUSED', atMs: now(), path: p.id, error: 'connection refused' });
    } else {
      later(RTT_MS, () => ({ type: 'SERVICE_ANSWERED', atMs: now(), path: p.id, rttMs: RTT_MS }));
    }
  }

  function serviceRound(): void {
    if (stopped) return;
    for (const p of w.paths) askService(p);
    queue.at(now() + s.service.intervalMs, serviceRound);
  }

  /** A kept-open connection tells of a dying service at once, not at the next round. */
  function watchServices(): void {
    if (stopped) return;
    for (const p of w.paths) {
      const is = reachable(w, p) ? scvmOf(w, p.scvm).service : 'unreachable';
      const was = lastService.get(p.id);
      lastService.set(p.id, is);
      if (was === 'up' && is === 'refused') askService(p);
    }
    queue.at(now() + 10, watchServices);
  }

  function pollSessions(): void {
    if (stopped) return;
    const asked = w.paths.some((p) => reachable(w, p));
    if (w.leader === 'away' || w.leader === 'garbage' || !asked) {
      const error = w.leader === 'garbage' ? 'not a list' : 'no leader answered';
      later(POLL_ANSWER_MS, () => ({ type: 'SESSIONS_FAILED', atMs: now(), error }));
    } else {
      later(POLL_ANSWER_MS, () => ({
        type: 'SESSIONS_LISTED',
        atMs: now(),
        sessions: w.leader === 'empty' ? [] : listSessions(w, now()),
        from: 'leader',
      }));
    }
    queue.at(now() + s.session.pollIntervalMs, pollSessions);
  }

  w.paths.forEach((p, i) => {
    schedulePing(p, 1 + i, 0);
  });
  if (s.service.enabled) {
    queue.at(now() + 2, serviceRound);
    queue.at(now() + 3, watchServices);
  }
  queue.at(now() + 5, pollSessions);

  return {
    pace(changed) {
      for (const [id, pace] of Object.entries(changed)) {
        const p = w.paths.find((x) => x.id === id);
        const was = paces.get(id);
        paces.set(id, pace);
        if (p && was !== pace) schedulePing(p, intervalOf(pace), 1);
      }
    },
    readLinks() {
      tell({ type: 'LINKS_READ', atMs: now(), byPath: linkViews(w) });
    },
    discardRound() {
      round += 1;
    },
    stop() {
      stopped = true;
    },
  };
}

function listSessions(w: Conditions, nowMs: number): Session[] {
  const listed: Session[] = [];
  for (const [name, scvm] of w.scvms) {
    const p = w.paths.find((x) => x.scvm === name);
    if (!p || scvm.session.state === 'absent') continue;
    listed.push({
      uuid: scvm.session.uuid,
      ip: p.dataIp,
      manageIp: p.manageIp,
      zone: null,
      alive: scvm.session.state === 'alive',
      ageMs: nowMs - scvm.session.startMs,
      localClientIps: w.records.get(scvm.session.uuid) ?? [],
    });
  }
  return listed;
}

function linkViews(w: Conditions): Record<PathId, LinkView> {
  const views: Record<PathId, LinkView> = {};
  for (const p of w.paths) {
    const source = p.network === 'storage' ? '10.10.85.11' : '192.168.85.11';
    views[p.id] = { device: p.network, up: w.links[p.network], source };
  }
  return views;
}
