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

/** A jury for a run that begins with these settings (RELOADED facts change them). */
export function createJury(settings: Settings, makers: readonly LawMaker[]): Jury {
  const facts = createLedger(settings);
  const run = createStanding(settings);
  const steering = createSteering();
  const known: Known = { facts, run, steering };
  const laws = makers.map((make) => make(known));
  const asked = (what: keyof Law): Law[] => laws.filter((law) => law[what] !== undefined);
  const befores = asked('before');
  const afters = asked('fact');
  const orders = asked('order');
  const tables = asked('table');
  const rests = asked('quiet');
  let found: Violation[] | null = null;

  function note(law: Law, atMs: number, says: string | null | undefined): void {
    if (!says) return;
    found ??= [];
    found.push({ law: law.name, atMs, says });
  }

  function seeFact({ fact }: Extract<Entry, { kind: 'fact' }>): void {
    for (const law of befores) note(law, fact.atMs, law.before?.(fact));
    facts.see(fact);
    run.see(fact);
    steering.see(fact);
    for (const law of afters) note(law, fact.atMs, law.fact?.(fact));
  }

  function seeOrder({ order, atMs }: Extract<Entry, { kind: 'order' }>): void {
    for (const law of orders) note(law, atMs, law.order?.(order, atMs));
    run.obey(order);
    steering.obey(order);
  }

  return {
    see(entry) {
      found = null;
      if (entry.kind === 'fact') seeFact(entry);
      else if (entry.kind === 'order') seeOrder(entry);
      else if (entry.kind === 'table') {
        for (const law of tables) note(law, entry.atMs, law.table?.(entry));
      } else {
        facts.rest(entry);
        for (const law of rests) law.quiet?.(entry);
      }
      return found ?? NONE;
    },
  };
}
