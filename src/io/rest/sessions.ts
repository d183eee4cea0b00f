/**
 * The session poll: asks the SCVMs for the cluster's session list, every `pollIntervalMs` and when
 * told to, and reports each fresh valid list or, if nobody gave one, why not. It does not say what
 * a missing entry means. One poll at a time, each bounded by `timeoutMs` as a whole; `hedge.ts`
 * makes a dead server cost nothing, `shapes.ts` says what a valid list is.
 */

import type { Clock, Report } from '../report.ts';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { type Attempt, askHedged, defaultHedgeMs } from './hedge.ts';
import { readSessions, SESSIONS_PATH, type SessionList } from './shapes.ts';

export interface SessionAims extends ClientOptions {
  /** Addresses to ask, in order of preference: all storage ones first, then management. */
  readonly servers: () => readonly string[];
  /** From the start of one poll to the start of the next, ms; longer if a poll takes longer. */
  readonly pollIntervalMs: number;
  /** For one poll over all servers, ms. */
  readonly timeoutMs: number;
  /** When the next server is asked too, ms. Default: min(300, timeoutMs / 4). */
  readonly hedgeMs?: number;
  /** Data IPs of the configured SCVMs: entries of others are left out and counted. */
  readonly knownDataIps: readonly string[];
}

export interface SessionPollOptions extends SessionAims {
  readonly report: Report;
  readonly clock: Clock;
}

export interface SessionCounters {
  readonly polls: number;
  readonly listed: number;
  readonly failed: number;
  /** Requests sent; more than `polls` where servers were slow or dead. */
  readonly asked: number;
  /** Entries left out of accepted lists, since the start. */
  readonly duplicateEntries: number;
  readonly unknownEntries: number;
}

export interface SessionPoll {
  /** Polls at once; if a poll is in flight, once more right after it. */
  pollNow(): void;
  /** Gives up the poll in flight and begins one with the new aims. */
  retarget(aims: SessionAims): void;
  counters(): SessionCounters;
  close(): void;
}

/** Starts polling at once. */
export function createSessionPoll(options: SessionPollOptions): SessionPoll {
  const { report, clock } = options;
  const totals = {
    polls: 0,
    listed: 0,
    failed: 0,
    asked: 0,
    duplicateEntries: 0,
    unknownEntries: 0,
  };
  let aims: SessionAims = options;
  let known: ReadonlySet<string> = new Set(aims.knownDataIps);
  let client: Client = createClient(aims);
  let flight: AbortController | null = null;
  let again = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  /** The server that answered well last. */
  let lastGood: string | null = null;
  /** How many servers were asked in vain since the last good answer. */
  let inVain = 0;

  function ordered(): readonly string[] {
    const servers = [...new Set(aims.servers())];
    const order = inVain === 0 ? servers : interleave(servers, inVain);
    if (lastGood === null || !servers.includes(lastGood)) return order;
    return [lastGood, ...order.filter((server) => server !== lastGood)];
  }

  async function poll(): Promise<void> {
    clearTimeout(timer);
    const mine = new AbortController();
    const asker = client;
    flight = mine;
    again = false;
    totals.polls += 1;
    const startMs = clock.nowMs();
    const result = await askHedged<SessionList>({
      servers: ordered(),
      ask: (ip, timeoutMs, signal) => askOne(asker, ip, timeoutMs, signal),
      hedgeMs: aims.hedgeMs ?? defaultHedgeMs(aims.timeoutMs),
      timeoutMs: aims.timeoutMs,
      nowMs: clock.nowMs,
      signal: mine.signal,
    });
    if (flight !== mine) return;
    flight = null;
    totals.asked += result.asked;
    const nowMs = clock.nowMs();
    const waitMs = again ? 1 : Math.max(1, startMs + aims.pollIntervalMs - nowMs);
    timer = setTimeout(() => void poll(), waitMs);
    if (result.ok) {
      lastGood = result.from;
      inVain = 0;
      totals.listed += 1;
      totals.duplicateEntries += result.value.duplicateEntries;
      totals.unknownEntries += result.value.unknownEntries;
      const { sessions } = result.value;
      report({ type: 'SESSIONS_LISTED', atMs: nowMs, sessions, from: result.from });
    } else {
      lastGood = null;
      inVain += Math.max(1, result.asked);
      totals.failed += 1;
      report({ type: 'SESSIONS_FAILED', atMs: nowMs, error: result.error });
    }
  }

  async function askOne(
    asker: Client,
    ip: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Attempt<SessionList>> {
    const request = { method: 'GET', ip, path: SESSIONS_PATH, timeoutMs, signal } as const;
    const answer = await asker.ask(request);
    return answer.ok ? readSessions(answer.body, known) : answer;
  }

  function stop(): void {
    clearTimeout(timer);
    const mine = flight;
    flight = null;
    mine?.abort();
    client.close();
  }

  void poll();
  return {
    pollNow() {
      if (closed) return;
      if (flight === null) void poll();
      else again = true;
    },
    retarget(next) {
      if (closed) return;
      stop();
      aims = next;
      known = new Set(next.knownDataIps);
      client = createClient(next);
      inVain = 0;
      void poll();
    },
    counters: () => ({ ...totals }),
    close() {
      closed = true;
      stop();
    },
  };
}

/**
 * The order after failed polls: goes on behind the servers that were asked in vain, and takes them
 * from both halves of the list in turn. A whole network that swallows packets holds up every server
 * of its half until the poll's end; this way the other half, the other network, has its turn.
 */
function interleave(servers: readonly string[], skip: number): readonly string[] {
  const half = Math.ceil(servers.length / 2);
  const halves = [servers.slice(0, half), servers.slice(half)].map((part) => {
    const from = part.length === 0 ? 0 : skip % part.length;
    return [...part.slice(from), ...part.slice(0, from)];
  });
  const [first = [], second = []] = halves;
  return first.flatMap((server, index) => {
    const other = second[index];
    return other === undefined ? [server] : [server, other];
  });
}
