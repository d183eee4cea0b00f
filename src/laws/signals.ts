/**
 * What the facts say of each path, kept as few numbers as the laws ask for. A second, independent
 * reading of the evidence beside src/machines: it knows no verdicts. Mutable and private to one
 * law, because a run has millions of facts. A new daemon (STARTED) knows nothing of the last one.
 */

import type { Fact } from '../machines/events.ts';
import type { PathId, Session } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { isGood, isPingKnown, isSessionLost, pingLimitMs, serviceLimitMs } from './evidence.ts';
import { NEVER, type Quiet } from './law.ts';
import { blank, type Signals } from './path-signals.ts';

export type { Signals } from './path-signals.ts';

export interface Ledger {
  see(fact: Fact): void;
  /** All said the same again. */
  rest(quiet: Quiet): void;
  of(id: PathId | null): Signals | undefined;
  all(): Iterable<Signals>;
  settings(): Settings;
  /** Time of the latest fact. */
  nowMs(): number;
}

export function createLedger(first: Settings): Ledger {
  let s = first;
  let now = NEVER;
  let graceUntilMs = NEVER;
  let paths = new Map(s.paths.map((p) => [p.id, blank(p)]));

  function bad(x: Signals, kind: 'session' | 'other'): void {
    x.badAtMs = now;
    x.seenBadAtMs = now;
    x.repliesSinceBad = 0;
    x.goodSinceMs = null;
    if (kind === 'other') x.accused = true;
  }

  function look(x: Signals): void {
    if (!isGood(x, now, s)) {
      x.goodSinceMs = null;
      return;
    }
    x.accused = false;
    x.sessionGuilt = false;
    if (x.goodSinceMs === null) x.goodSinceMs = now;
  }

  function pinged(x: Signals, fact: Extract<Fact, { type: 'PING_REPLIED' | 'PING_LOST' }>): void {
    if (fact.size === 'full') {
      // Sent before a reload that turned them off: nothing would ever take it back.
      if (s.probe.mtu === 0) return;
      if (fact.type === 'PING_REPLIED') x.fullLost = 0;
      else {
        if (x.fullLost === 0) x.firstFullLostMs = now;
        x.fullLost += 1;
        // Could not ask is never a no: without pings known the frame says nothing of the path.
        if (isPingKnown(x, now, s)) bad(x, 'other');
      }
    } else if (fact.type === 'PING_REPLIED') {
      // A silence that comes near the limit may have been taken for unknown.
      if (now - x.pingAtMs > 0.8 * pingLimitMs(s)) x.goodSinceMs = null;
      x.ping = 'reply';
      x.pingAtMs = now;
      x.firstReplyMs ??= now;
      x.losses = 0;
      x.repliesInRow += 1;
      x.repliesSinceBad += 1;
    } else {
      x.ping = 'loss';
      x.pingAtMs = now;
      if (x.losses === 0) x.firstLossMs = now;
      x.losses += 1;
      x.repliesInRow = 0;
      bad(x, 'other');
    }
    look(x);
  }

  function unsent(x: Signals): void {
    x.ping = 'unsent';
    x.pingAtMs = now;
    look(x);
  }

  function served(x: Signals, is: Signals['service']): void {
    if (!s.service.enabled) return;
    const isBad = is === 'refused' || is === 'silent';
    const inTime = now - x.serviceAtMs < serviceLimitMs(s);
    const wasBad = inTime && (x.service === 'refused' || x.service === 'silent');
    if (isBad && !wasBad) x.serviceBadSinceMs = now;
    x.service = is;
    x.serviceAtMs = now;
    if (isBad) x.repliesSinceBad = 0;
    if (is === 'refused' || (is === 'silent' && isPingKnown(x, now, s))) bad(x, 'other');
    look(x);
  }

  function linked(x: Signals, isDown: boolean, device: string): void {
    if (isDown && !x.linkDown) x.linkDownSinceMs = now;
    x.linkDown = isDown;
    x.device = device;
    if (isDown) bad(x, 'other');
    look(x);
  }

  function endBadLists(x: Signals): void {
    if (isSessionLost(x, now, s)) x.sessionGuilt = true;
    x.badLists = 0;
    x.firmLists = 0;
  }

  function listed(sessions: readonly Session[]): void {
    const byIp = new Map(sessions.map((e) => [e.ip, e]));
    for (const x of paths.values()) {
      const e = byIp.get(x.path.dataIp);
      if (e?.alive) shownAlive(x, e);
      else shownBad(x);
      x.sessionAtMs = now;
      look(x);
    }
  }

  function shownAlive(x: Signals, e: Session): void {
    endBadLists(x);
    x.session = 'alive';
    if (x.uuid === e.uuid) return;
    const startMs = now - e.ageMs;
    if (x.uuid !== null && startMs !== x.sessionStartMs) {
      // A restart: its service stood still then, even if no probe noticed. The start is as exact
      // as lists are frequent.
      x.badAtMs = Math.max(x.badAtMs, Math.min(now, startMs - s.session.pollIntervalMs));
      x.goodSinceMs = null;
    }
    x.uuid = e.uuid;
    x.sessionStartMs = startMs;
  }

  function shownBad(x: Signals): void {
    if (now - x.sessionAtMs >= s.session.staleMs) x.firmLists = 0;
    if (x.badLists === 0) x.badListsSinceMs = now;
    x.badLists += 1;
    x.session = 'bad';
    x.repliesSinceBad = 0;
    if (now < graceUntilMs) {
      x.firmLists = 0;
      return;
    }
    if (x.firmLists === 0) x.firmSinceMs = now;
    x.firmLists += 1;
    if (isPingKnown(x, now, s)) bad(x, 'session');
  }

  function unlisted(): void {
    graceUntilMs = now + s.session.staleMs;
    for (const x of paths.values()) {
      endBadLists(x);
      if (x.session === 'bad') x.session = 'unknown';
      look(x);
    }
  }

  /** Nothing was observed meanwhile: no run of bad signals got longer. */
  function stalled(forMs: number): void {
    for (const x of paths.values()) {
      x.firstLossMs += forMs;
      x.firstFullLostMs += forMs;
      x.serviceBadSinceMs += forMs;
      x.linkDownSinceMs += forMs;
      x.firmSinceMs += forMs;
      x.goodSinceMs = null;
    }
  }

  function reloaded(to: Settings): void {
    const old = paths;
    s = to;
    paths = new Map();
    for (const p of to.paths) {
      const was = old.get(p.id);
      const same = was && was.path.ip === p.ip && was.path.dataIp === p.dataIp;
      const x: Signals = same ? { ...was, path: p, goodSinceMs: null } : blank(p);
      if (!s.service.enabled) x.service = 'none';
      if (s.probe.mtu === 0) x.fullLost = 0;
      paths.set(p.id, x);
    }
  }

  function seeWhole(fact: Fact): void {
    if (fact.type === 'STARTED') {
      graceUntilMs = NEVER;
      paths = new Map(s.paths.map((p) => [p.id, blank(p)]));
    } else if (fact.type === 'SESSIONS_LISTED' && fact.sessions.length > 0) listed(fact.sessions);
    else if (fact.type === 'SESSIONS_LISTED' || fact.type === 'SESSIONS_FAILED') unlisted();
    else if (fact.type === 'LINKS_READ') {
      for (const [id, x] of paths) {
        const link = fact.byPath[id];
        if (link) linked(x, !link.up, link.device);
        // No interface there is a routed network, unless there was one before.
        else if (x.device !== '') linked(x, true, x.device);
      }
    } else if (fact.type === 'STALLED') stalled(fact.stalledMs);
    else if (fact.type === 'RELOADED') reloaded(fact.settings);
  }

  function see(fact: Fact): void {
    now = Math.max(now, fact.atMs);
    const x = 'path' in fact ? paths.get(fact.path) : undefined;
    if (!x) seeWhole(fact);
    else if (fact.type === 'PING_REPLIED' || fact.type === 'PING_LOST') pinged(x, fact);
    else if (fact.type === 'PING_UNSENT' && fact.size === 'small') unsent(x);
    else if (fact.type === 'SERVICE_ANSWERED') served(x, 'up');
    else if (fact.type === 'SERVICE_REFUSED') served(x, 'refused');
    else if (fact.type === 'SERVICE_SILENT') served(x, 'silent');
    else if (fact.type === 'SERVICE_UNASKED') served(x, 'unasked');
  }

  function rest(quiet: Quiet): void {
    for (const { path, pingAtMs, serviceAtMs } of quiet.paths) {
      const x = paths.get(path);
      if (!x) continue;
      x.pingAtMs = pingAtMs;
      if (x.service !== 'none') x.serviceAtMs = serviceAtMs;
      if (x.session !== 'unknown') x.sessionAtMs = quiet.listsAtMs ?? x.sessionAtMs;
    }
  }

  return {
    see,
    rest,
    of: (id) => (id === null ? undefined : paths.get(id)),
    all: () => paths.values(),
    settings: () => s,
    nowMs: () => now,
  };
}
