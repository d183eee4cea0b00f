/**
 * Duplicate address detection for the paths (RFC 5227 calls it an address conflict): two machines
 * that answer ARP for one SCVM's address make its path flap. Two ways, both cheap:
 *
 * - passive: the kernel's neighbour notifications; reported when an address goes from one MAC to
 *   another and back within a minute. This sees gratuitous ARP, but NOT two machines that just
 *   answer: measured, the kernel ignores the second answer of each request (arp locktime), and
 *   60 s of traffic to a doubled address showed one MAC only.
 * - active: iputils `arping`, one broadcast question to one path at a time, round robin; every
 *   answering MAC is printed. Where the tool is missing, only the passive way is left, and said.
 *
 * A Linux SCVM with two interfaces in one segment answers on both unless arp_ignore is set, and
 * looks like a duplicate. That is worth an alarm as well; nothing but an alarm depends on this.
 */

import { explainFailure, runCommand } from './command.ts';
import type { WatchedPath } from './links.ts';
import type { Clock, Report } from './report.ts';
import { findLink, readAddresses } from './routes/addresses.ts';
import { createMonitor } from './routes/monitor.ts';
import { findTool, toolFile } from './routes/tools.ts';

export interface DuplicateWatchOptions {
  readonly paths: readonly WatchedPath[];
  readonly report: Report;
  readonly clock: Clock;
  /** Hard deadline of reading the interfaces, ms. */
  readonly commandDeadlineMs: number;
  /** Between two questions, ms; default 10000. Every path has its turn once per round. */
  readonly intervalMs?: number;
  /** Absolute path of `ip`; default: the first that exists of the fixed places. */
  readonly ipFile?: string;
  /** Absolute path of iputils `arping`; default likewise; null: passive only. */
  readonly arpingFile?: string | null;
  readonly log?: (line: string) => void;
}

export interface DuplicateWatch {
  retarget(paths: readonly WatchedPath[]): void;
  close(): void;
}

const DEFAULT_INTERVAL_MS = 10_000;
/** Two questions a second apart: the answers to the first are all collected before the second. */
const ARPING_COUNT = '2';
const ARPING_DEADLINE_MS = 4000;
const FLIP_WINDOW_MS = 60_000;

interface Seen {
  readonly mac: string;
  readonly previous: { readonly mac: string; readonly leftAtMs: number } | null;
}

/** `10.10.85.15 dev eth0 lladdr 00:50:56:.. REACHABLE`; null: says nothing of a MAC. */
export function parseNeighbour(line: string): { ip: string; mac: string } | null {
  const [, ip, mac] = /^(\d+\.\d+\.\d+\.\d+) dev \S+ lladdr ([0-9a-f:]{17})\b/.exec(line) ?? [];
  return ip === undefined || mac === undefined ? null : { ip, mac };
}

/** The MACs that answered, lower case, sorted, each once. */
export function parseArping(text: string, ip: string): readonly string[] {
  const macs = new Set<string>();
  for (const line of text.split('\n')) {
    const [, from, mac] = /reply from (\S+) \[([0-9A-Fa-f:]{17})\]/.exec(line) ?? [];
    if (from === ip && mac !== undefined) macs.add(mac.toLowerCase());
  }
  return [...macs].sort();
}

export function createDuplicateWatch(options: DuplicateWatchOptions): DuplicateWatch {
  const { clock, commandDeadlineMs } = options;
  const ipFile = options.ipFile ?? toolFile('ip');
  const arpingFile = options.arpingFile === undefined ? findTool('arping') : options.arpingFile;
  const log = options.log ?? (() => undefined);
  const neighbours = new Map<string, Seen>();
  let paths = options.paths;
  let turn = 0;
  let isAsking = false;
  let closed = false;
  let lastFailure = '';

  function report(ip: string, macs: readonly string[]): void {
    if (closed) return;
    const atMs = clock.nowMs();
    for (const path of paths) {
      if (path.ip === ip) options.report({ type: 'DUPLICATE_SEEN', atMs, path: path.id, macs });
    }
  }

  function onNeighbour(line: string): void {
    const now = parseNeighbour(line);
    if (now === null || !paths.some((path) => path.ip === now.ip)) return;
    const last = neighbours.get(now.ip);
    if (last === undefined) {
      neighbours.set(now.ip, { mac: now.mac, previous: null });
    } else if (last.mac !== now.mac) {
      const atMs = clock.nowMs();
      const { previous } = last;
      const isBack = previous?.mac === now.mac && atMs - previous.leftAtMs < FLIP_WINDOW_MS;
      if (isBack) report(now.ip, [last.mac, now.mac].sort());
      neighbours.set(now.ip, { mac: now.mac, previous: { mac: last.mac, leftAtMs: atMs } });
    }
  }

  async function ask(arping: string, path: WatchedPath): Promise<void> {
    const read = await readAddresses(ipFile, commandDeadlineMs);
    const link = read.ok ? findLink(read.addresses, path.ip) : null;
    if (closed || link === null || !link.up) return;
    const args = ['-c', ARPING_COUNT, '-w', ARPING_COUNT, '-I', link.device, path.ip];
    const result = await runCommand(arping, args, { deadlineMs: ARPING_DEADLINE_MS });
    // Its exit code only says whether there were as many answers as questions.
    const isHeard = result.ok || (result.reason === 'exit' && result.stderr === '');
    noteFailure(result.ok || isHeard ? '' : explainFailure(result, ARPING_DEADLINE_MS));
    const macs = isHeard ? parseArping(result.stdout, path.ip) : [];
    if (macs.length > 1) report(path.ip, macs);
  }

  function noteFailure(failure: string): void {
    if (failure !== '' && failure !== lastFailure) log(`arp: arping fails: ${failure}`);
    lastFailure = failure;
  }

  async function askNext(arping: string): Promise<void> {
    const path = paths[turn % Math.max(1, paths.length)];
    if (isAsking || path === undefined) return;
    turn += 1;
    isAsking = true;
    await ask(arping, path);
    isAsking = false;
  }

  const monitor = createMonitor({
    ipFile,
    objects: ['neigh'],
    onLine: onNeighbour,
    onGap: () => undefined, // a missed notification costs at most one round
    log,
  });
  let pace: NodeJS.Timeout | undefined;
  if (arpingFile === null) {
    log('arp: no arping here: duplicate addresses are seen only when they announce themselves');
  } else {
    pace = setInterval(() => void askNext(arpingFile), options.intervalMs ?? DEFAULT_INTERVAL_MS);
  }

  return {
    retarget(wanted) {
      paths = wanted;
      neighbours.clear();
    },
    close() {
      closed = true;
      clearInterval(pace);
      monitor.close();
    },
  };
}
