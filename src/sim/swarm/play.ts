/**
 * One plan, played: a safety phase under faults, then a liveness phase after all of them ended.
 * Every law sees every entry; at the end the world itself is looked at as well. The outcome depends
 * on the plan and the base settings only.
 */

import { lawMakers } from '../../laws/all.ts';
import { createSingleAccess } from '../../laws/c1-single-access.ts';
import { createSpread } from '../../laws/c2-spread.ts';
import { createJury } from '../../laws/jury.ts';
import type { Entry, Violation } from '../../laws/trace.ts';
import { holdMs, maxRelapses } from '../../machines/hold.ts';
import type { Settings } from '../../machines/settings.ts';
import { perform } from '../commands.ts';
import { createDigest, digestOf } from '../digest.ts';
import { follow } from '../follow.ts';
import { hostSettings, plainHeader, readHeaderLine } from '../header.ts';
import type { Host } from '../host.ts';
import { createRun, type OnEntry, type Run, type RunOptions } from '../run.ts';
import { cuesOf, type Plan } from './plan.ts';

export interface Outcome {
  readonly seed: number;
  /** The first broken law; null: none. */
  readonly broken: (Violation & { readonly host: number }) | null;
  /** Of all orders and changes of the table, with their times. */
  readonly digest: string;
  readonly simulatedMs: number;
  /** Length of the liveness phase. */
  readonly calmMs: number;
  readonly facts: number;
  readonly orders: number;
  readonly switches: number;
}

export interface PlayOptions {
  /** Default: yes. */
  readonly leaps?: boolean;
  /** Cuts the liveness phase short; nothing is expected at its end then. */
  readonly calmMs?: number;
  readonly engine?: RunOptions['engine'];
  readonly onEntry?: OnEntry;
  readonly onLine?: (atMs: number, line: string) => void;
}

const HOUR_MS = 3_600_000;
const MARGIN_MS = 180_000;
const MANY = 1000;

/** Ends a run at its first breach. */
class Breach extends Error {}

export function playPlan(plan: Plan, base: Settings, options: PlayOptions = {}): Outcome {
  const header = plan.header.reduce(readHeaderLine, plainHeader(base));
  const settings = hostSettings(header);
  const juries = settings.map((s) => createJury(s, lawMakers));
  const access = createSingleAccess(settings.length);
  const spread = createSpread();
  // Of each host alone: who of several comes first at one time means nothing.
  const digests = settings.map(createDigest);
  const counts = { facts: 0, orders: 0, switches: 0 };
  let broken: Outcome['broken'] = null;
  let calmMs = 0;

  const onEntry: OnEntry = (entry, host) => {
    options.onEntry?.(entry, host);
    count(counts, entry);
    if (entry.kind === 'order' || entry.kind === 'table') {
      digests[host]?.add(entry);
    }
    const found = juries[host]?.see(entry)[0] ?? access.see(host, entry, run.queue.nowMs());
    if (found) breach(found, host);
  };

  function breach(found: Violation, host: number): void {
    broken = { ...found, host };
    throw new Breach(found.says);
  }

  const run = createRun(settings, onEntry, {
    seed: header.seed,
    leaps: options.leaps ?? true,
    onServed(served) {
      const found = access.served(served);
      if (found) breach(found, served.host);
    },
    onFailover(move) {
      const found = spread.moved(move);
      if (found) breach(found, move.host);
    },
    ...(options.engine ? { engine: options.engine } : {}),
  });

  const say = (line: string): void => {
    options.onLine?.(run.queue.nowMs(), line);
    perform(run, line);
  };

  try {
    follow(run, cuesOf(plan), plan.safetyMs, options.onLine);
    say('heal');
    calmMs = options.calmMs ?? Math.max(...run.hosts.map(calmFor));
    run.advance(calmMs);
    const late = access.end(run.queue.nowMs());
    if (late) broken = { ...late, host: 0 };
    else if (options.calmMs === undefined) broken = firstUnsettled(run);
  } catch (error) {
    if (!(error instanceof Breach)) broken = thrown(error, run.queue.nowMs());
  }
  const simulatedMs = run.queue.nowMs();
  const digest = digestOf(digests.map((d) => d.hex()));
  return { seed: plan.seed, broken, digest, simulatedMs, calmMs, ...counts };
}

function count(counts: { facts: number; orders: number; switches: number }, entry: Entry): void {
  if (entry.kind === 'fact') counts.facts += 1;
  if (entry.kind !== 'order') return;
  counts.orders += 1;
  if (entry.order.type === 'NOTE_SWITCH') counts.switches += 1;
}

/** A throw out of the decision would end the daemon: that is a breach of everything. */
function thrown(error: unknown, atMs: number): Outcome['broken'] {
  const says = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { law: 'crash', atMs, says, host: 0 };
}

/** After this long without a fault everything must have come to its end. */
function calmFor(host: Host): number {
  const s = host.settings();
  // What ends the last fault may itself be the last relapse or two. A host that sleeps has no say.
  const known = host.isAlive() ? host.state().snapshot.context.memory.relapses + 2 : MANY;
  const relapses = Math.min(known, maxRelapses(s));
  const { returnGuardMs, dwellMs, warmUpMs } = s.timers;
  return holdMs(relapses, s) + returnGuardMs + dwellMs + warmUpMs + HOUR_MS + MARGIN_MS;
}

/** Law L, held against the world itself: each host is where it should be, and all know it. */
function firstUnsettled(run: Run): Outcome['broken'] {
  for (const [at, host] of run.hosts.entries()) {
    const says = whyUnsettled(host, run);
    if (says) return { law: 'L at the end', atMs: run.queue.nowMs(), says, host: at };
  }
  return null;
}

function whyUnsettled(host: Host, run: Run): string | null {
  const { world } = host;
  const s = host.settings();
  const home = world.paths[0];
  const { entries } = world.table;
  const gateway = entries.length === 1 ? entries[0]?.gateway : null;
  const found = entries.map((e) => e.gateway).join(', ');
  const isHome = gateway === home?.ip;
  const isServed = world.paths.some((p) => p.ip === gateway);
  const canReturn = s.switch.budgetPerHour > 0;
  if (canReturn ? !isHome : !isServed) return `all is well, and the table holds [${found}]`;
  const { session } = run.cluster.scvms.get(home?.scvm ?? '') ?? { session: null };
  const ips = run.cluster.records.get(session?.uuid ?? '') ?? [];
  if (ips.join() !== Object.values(world.source).join()) {
    return `the record of ${session?.uuid} holds [${ips.join(', ')}]`;
  }
  const alarms = Object.keys(host.state().standing.alarms);
  const expected = isHome ? [] : ['budget_exhausted', 'on_management'];
  const left = alarms.filter((a) => !expected.includes(a));
  return left.length === 0 ? null : `all is well, and alarms stand: ${left.join(', ')}`;
}
