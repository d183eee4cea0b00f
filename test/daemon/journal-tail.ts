/**
 * A running daemon's journal as it grows: every fact that it was given and every order that it
 * gave, with waiting for the next that fits. It reads the one segment of a short run and is woken
 * by the file system, never by a timer.
 */

import { closeSync, type FSWatcher, mkdirSync, openSync, readSync, watch } from 'node:fs';
import { join } from 'node:path';
import { segmentName } from '../../src/io/journal.ts';
import { type JournalEntry, parseJournalLine } from '../../src/io/journal-line.ts';
import type { Fact, FactType } from '../../src/machines/events.ts';
import type { OrderOf, OrderType, Region } from '../../src/machines/orders.ts';

export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;
export type Given<T extends OrderType> = OrderOf<T> & { readonly atMs: number };

export interface JournalTail {
  /** Everything read so far, oldest first. */
  readonly entries: readonly JournalEntry[];
  facts<T extends FactType>(type: T): FactOf<T>[];
  orders<T extends OrderType>(type: T): Given<T>[];
  /** The first fact, past or future, that fits; rejects with what was last written. */
  fact<T extends FactType>(
    type: T,
    fits?: (fact: FactOf<T>) => boolean,
    withinMs?: number,
  ): Promise<FactOf<T>>;
  order<T extends OrderType>(
    type: T,
    fits?: (order: Given<T>) => boolean,
    withinMs?: number,
  ): Promise<Given<T>>;
  /** Resolves once `holds` is true; it is asked after every change of the journal. */
  until(holds: () => boolean, what: string, withinMs?: number): Promise<void>;
  /** State of a region as last noted; null: no transition yet. */
  state(region: Region): string | null;
  /** Verdict of a path as last noted; `unknown` before the first. */
  verdict(path: string): string;
  close(): void;
}

const WITHIN_MS = 30_000;

/** Follows the journal folder from entry `from` on (a restarted daemon goes on in the same one). */
export function tailJournalOf(dir: string, from = 0): JournalTail {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, segmentName(1));
  const entries: JournalEntry[] = [];
  const waiting = new Set<() => void>();
  let position = 0;
  let skip = from;
  let rest = '';

  function read(): void {
    let fd: number;
    try {
      fd = openSync(file, 'r');
    } catch {
      // Not there yet: the daemon makes it with its first line.
      return;
    }
    const chunk = Buffer.alloc(1 << 16);
    for (let n = 1; n > 0; position += n) {
      n = readSync(fd, chunk, 0, chunk.length, position);
      rest += chunk.toString('utf8', 0, n);
    }
    closeSync(fd);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (skip > 0) skip -= 1;
      else entries.push(parseJournalLine(line));
    }
    for (const look of [...waiting]) look();
  }

  // Not persistent: a test that failed must not keep the run alive.
  const watcher: FSWatcher = watch(dir, { persistent: false }, read);
  read();

  const facts = <T extends FactType>(type: T): FactOf<T>[] =>
    entries.flatMap((e) =>
      e.kind === 'fact' && e.fact.type === type ? [e.fact as FactOf<T>] : [],
    );
  const orders = <T extends OrderType>(type: T): Given<T>[] =>
    entries.flatMap((e) =>
      e.kind === 'order' && e.order.type === type
        ? [{ ...(e.order as unknown as OrderOf<T>), atMs: e.atMs }]
        : [],
    );

  function until(holds: () => boolean, what: string, withinMs = WITHIN_MS): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const look = () => {
        if (!holds()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        const notes = entries.filter((e) => e.kind === 'order').slice(-12);
        const last = notes.map((e) => JSON.stringify(e)).join('\n');
        reject(new Error(`not within ${withinMs} ms: ${what}; last orders:\n${last}`));
      }, withinMs);
      waiting.add(look);
    });
  }

  async function next<T>(list: () => T[], fits: (x: T) => boolean, what: string, withinMs: number) {
    await until(() => list().some(fits), what, withinMs);
    const found = list().find(fits);
    if (found === undefined) throw new Error(`${what} was there and is not`);
    return found;
  }

  return {
    entries,
    facts,
    orders,
    until,
    fact: (type, fits = () => true, withinMs = WITHIN_MS) =>
      next(() => facts(type), fits, `fact ${type}`, withinMs),
    order: (type, fits = () => true, withinMs = WITHIN_MS) =>
      next(() => orders(type), fits, `order ${type}`, withinMs),
    state: (region) => orders('NOTE_TRANSITION').findLast((o) => o.region === region)?.to ?? null,
    verdict: (path) => orders('NOTE_VERDICT').findLast((o) => o.path === path)?.to ?? 'unknown',
    close: () => watcher.close(),
  };
}
