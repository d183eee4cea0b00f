/**
 * How this host reaches each path: the interface in the path's network, whether it is usable, and
 * our own address there. A link that goes down takes the NFS /32 along without a route event, so
 * the decision must know of links by themselves. Reads `ip address`, on the kernel's notifications
 * and every few seconds; a read that failed reports nothing, for it proves nothing.
 */

import type { LinkView, PathId } from '../machines/model.ts';
import type { Clock, Report } from './report.ts';
import { findLink, readAddresses } from './routes/addresses.ts';
import { createCoalescer, createMonitor } from './routes/monitor.ts';
import { toolFile } from './routes/tools.ts';

/** A path as far as a watcher of interfaces needs it; `ip` is the gateway, dotted IPv4. */
export interface WatchedPath {
  readonly id: PathId;
  readonly ip: string;
}

export interface LinkWatchOptions {
  readonly paths: readonly WatchedPath[];
  readonly report: Report;
  readonly clock: Clock;
  /** Hard deadline of one read, ms. */
  readonly commandDeadlineMs: number;
  /** Absolute path of `ip`; default: the first that exists of the fixed places. */
  readonly ipFile?: string;
  /** One line when reading fails or works again, or a helper was lost. */
  readonly log?: (line: string) => void;
}

export interface LinkWatch {
  /** Reads now and reports LINKS_READ even if nothing changed. */
  read(): void;
  /** Watches these paths instead, and reports on them at once. */
  retarget(paths: readonly WatchedPath[]): void;
  close(): void;
}

const REREAD_INTERVAL_MS = 5000;
const COALESCE_MS = 2;

export function createLinkWatch(options: LinkWatchOptions): LinkWatch {
  const { clock, commandDeadlineMs: deadlineMs } = options;
  const ipFile = options.ipFile ?? toolFile('ip');
  const log = options.log ?? (() => undefined);
  let paths = options.paths;
  let closed = false;
  let isReading = false;
  let isWanted = false;
  /** Report even if it is the same as before. */
  let isAsked = true;
  let lastReported = '';
  let lastFailure = '';

  async function readOnce(): Promise<void> {
    const read = await readAddresses(ipFile, deadlineMs);
    if (closed) return;
    noteFailure(read.ok ? '' : read.error);
    if (!read.ok) return;
    const byPath: Record<PathId, LinkView | null> = {};
    for (const path of paths) byPath[path.id] = findLink(read.addresses, path.ip);
    const text = JSON.stringify(byPath);
    if (text === lastReported && !isAsked) return;
    lastReported = text;
    isAsked = false;
    options.report({ type: 'LINKS_READ', atMs: clock.nowMs(), byPath });
  }

  function noteFailure(failure: string): void {
    if (failure === lastFailure) return;
    lastFailure = failure;
    log(failure === '' ? 'links: readable again' : `links: cannot be read: ${failure}`);
  }

  /** One read at a time; what is wanted meanwhile becomes one more. */
  async function reread(): Promise<void> {
    isWanted = true;
    if (isReading) return;
    isReading = true;
    while (isWanted && !closed) {
      isWanted = false;
      await readOnce();
    }
    isReading = false;
  }

  const hint = createCoalescer(COALESCE_MS, () => void reread());
  const monitor = createMonitor({
    ipFile,
    objects: ['link', 'address'],
    onLine: () => hint.hint(),
    onGap: () => hint.hint(),
    log,
  });
  const pace = setInterval(() => void reread(), REREAD_INTERVAL_MS);

  return {
    read() {
      isAsked = true;
      void reread();
    },
    retarget(wanted) {
      paths = wanted;
      isAsked = true;
      void reread();
    },
    close() {
      closed = true;
      clearInterval(pace);
      hint.close();
      monitor.close();
    },
  };
}
