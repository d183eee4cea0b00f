/**
 * All laws over one run: shows each entry to every law and keeps what is known of the run, once for
 * all of them. Breaches come stamped with the law's name and the time.
 */

import type { Settings } from '../machines/settings.ts';
import type { Known, Law, LawMaker } from './law.ts';
import { createLedger } from './signals.ts';
import { createStanding } from './standing.ts';
import { createSteering } from './steering.ts';
import type { Entry, Violation } from './trace.ts';

export interface Jury {
  /** Each entry in order. Answers with what it breaks. */
  see(entry: Entry): readonly Violation[];
}

const NONE: readonly Violation[] = [];

type Look<T> = (thing: T, atMs: number) => string | null;

/** Functions side by side with the names of their laws: a run has millions of entries. */
interface Looks<T> {
  readonly names: readonly string[];
  readonly looks: readonly Look<T>[];
}

function looksOf<T>(laws: readonly Law[], of: (law: Law) => Look<T> | undefined): Looks<T> {
  const some = laws.filter((law) => of(law) !== undefined);
  return { names: some.map((law) => law.name), looks: some.flatMap((law) => of(law) ?? []) };
}

/** A jury for a run that begins with these settings (RELOADED facts change them). */
export function createJury(settings: Settings, makers: readonly LawMaker[]): Jury {
  const facts = createLedger(settings);
  const run = createStanding(settings);
  const steering = createSteering();
  const known: Known = { facts, run, steering };
  const laws = makers.map((make) => make(known));
  const befores = looksOf(laws, (law) => law.before);
  const afters = looksOf(laws, (law) => law.fact);
  const orders = looksOf(laws, (law) => law.order);
  const tables = looksOf(laws, (law) => law.table);
  const rests = laws.flatMap((law) => law.quiet ?? []);
  let found: Violation[] | null = null;

  /** Shows one thing to everybody who looks at such things. */
  function show<T>({ names, looks }: Looks<T>, thing: T, atMs: number): void {
    for (let i = 0; i < looks.length; i += 1) {
      const says = looks[i]?.(thing, atMs);
      if (!says) continue;
      found ??= [];
      found.push({ law: names[i] ?? '', atMs, says });
    }
  }

  function seeFact({ fact }: Extract<Entry, { kind: 'fact' }>): void {
    show(befores, fact, fact.atMs);
    facts.see(fact);
    run.see(fact);
    steering.see(fact);
    show(afters, fact, fact.atMs);
  }

  function seeOrder({ order, atMs }: Extract<Entry, { kind: 'order' }>): void {
    show(orders, order, atMs);
    run.obey(order);
    steering.obey(order);
  }

  return {
    see(entry) {
      found = null;
      if (entry.kind === 'fact') seeFact(entry);
      else if (entry.kind === 'order') seeOrder(entry);
      else if (entry.kind === 'table') {
        show(tables, entry, entry.atMs);
      } else {
        facts.rest(entry);
        for (const rest of rests) rest(entry);
      }
      return found ?? NONE;
    },
  };
}
