/**
 * Collects the facts a sense reports and lets a test await the next one that matters, instead of
 * sleeping. Also the real monotonic clock, and loopback addresses nobody else uses.
 */

import { EventEmitter, once } from 'node:events';
import type { Fact, FactType } from '../../../src/machines/events.ts';

export type FactOf<T extends FactType> = Extract<Fact, { type: T }>;

export const clock = { nowMs: () => Number(process.hrtime.bigint()) / 1e6 };

export interface FactLog {
  readonly facts: Fact[];
  report(fact: Fact): void;
  /** The first fact of this type at or after index `from`; waits for it at most 10 s. */
  next<T extends FactType>(type: T, from?: number): Promise<FactOf<T>>;
  count(type: FactType): number;
}

export function createFactLog(): FactLog {
  const facts: Fact[] = [];
  const bell = new EventEmitter();
  bell.setMaxListeners(0);

  async function next<T extends FactType>(type: T, from = 0): Promise<FactOf<T>> {
    const signal = AbortSignal.timeout(10_000);
    for (let at = from; ; at += 1) {
      while (at >= facts.length) {
        await once(bell, 'fact', { signal }).catch((cause: unknown) => {
          throw new Error(`no ${type} in ${JSON.stringify(facts.slice(from))}`, { cause });
        });
      }
      const fact = facts[at];
      if (fact !== undefined && isType(fact, type)) return fact;
    }
  }

  return {
    facts,
    report(fact) {
      facts.push(fact);
      bell.emit('fact');
    },
    next,
    count: (type) => facts.filter((fact) => fact.type === type).length,
  };
}

function isType<T extends FactType>(fact: Fact, type: T): fact is FactOf<T> {
  return fact.type === type;
}

let serial = 0;

/** A loopback address of this process alone, a new one at each call. */
export function loopback(): string {
  serial += 1;
  return `127.${1 + (process.pid % 250)}.${(process.pid >> 8) % 250}.${1 + (serial % 250)}`;
}

/** Stops this whole process, its event loop included. */
export function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
