/**
 * From a seed to its plan: the cluster, the numbers of the configuration, the network, the kinds
 * of faults and how often they come, all drawn from the seed alone.
 */

import { isOfHost } from '../commands.ts';
import { pathsOf, type Shape, scvmNames } from '../header.ts';
import { createRandom, type Random } from '../random.ts';
import { writtenMs } from '../words.ts';
import { type Aims, kinds } from './kinds.ts';
import type { Fault, Plan } from './plan.ts';

export interface Drawn {
  /** Length of the safety phase; null: drawn, 20 to 90 seconds. */
  readonly safetyMs: number | null;
  /** Hosts with a daemon, 1..64; null: drawn. */
  readonly hosts: number | null;
}

/** The plan of a seed: a whole number, 0..2^53-1. */
export function drawPlan(seed: number, given: Partial<Drawn> = {}): Plan {
  const random = createRandom(seed, 'plan');
  const hosts = given.hosts ?? drawHosts(createRandom(seed, 'hosts'));
  const drawn = drawShape(random);
  const shape = { ...drawn, scvms: Math.max(drawn.scvms, hosts) };
  const zones = shape.zones === 2 ? ' zones' : '';
  const cluster = `cluster ${shape.scvms}${zones}${shape.access ? ' access' : ''}`;
  const many = hosts > 1 ? [`hosts ${hosts}`] : [];
  const header = [cluster, ...many, `seed ${seed}`, ...drawSettings(random)];
  const lastMs = given.safetyMs ?? random.int(20, 90) * 1000;
  const weather = drawWeather(random);
  const opening = [`leader on ${random.pick(scvmNames(shape))}`];
  for (let host = 1; host <= hosts; host += 1) {
    const own = [...weather, ...drawRoute(random, shape, host), drawBoot(random)];
    opening.push(...own.map((line) => onHost(host, line)));
  }
  const faults = drawFaults(random, shape, hosts, lastMs);
  return { seed, header, opening, faults, safetyMs: lastMs };
}

/** Mostly one, as the decision knows of no other; sometimes some, rarely a whole large cluster. */
function drawHosts(random: Random): number {
  const at = random.unit();
  if (at < 0.97) return 1;
  return at < 0.99995 ? random.pick([2, 2, 2, 3, 3, 4, 5, 6, 7, 8]) : 64;
}

const onHost = (host: number, line: string): string => (host === 1 ? line : `@${host} ${line}`);

function drawShape(random: Random): Shape {
  const scvms = random.pick([1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8]);
  return { scvms, zones: random.chance(0.25) ? 2 : 1, access: random.chance(0.2) };
}

/** Sets of numbers that go together, after the profiles of the configuration. */
const STYLES: readonly (readonly string[])[] = [
  [],
  [],
  [
    'probe.interval 1s',
    'probe.idle_interval 2s',
    'probe.fast_interval 200ms',
    'probe.timeout 2s',
    'probe.fall 5',
    'probe.rise 3',
    'probe.confirm_min 3s',
    'service.interval 2s',
    'service.hold 5s',
    'session.poll_interval 3s',
    'session.lost 12s',
    'session.stale 15s',
    'timers.warm_up 5s',
  ],
  [
    'probe.interval 100ms',
    'probe.idle_interval 500ms',
    'probe.fast_interval 20ms',
    'probe.timeout 250ms',
    'probe.confirm_min 200ms',
    'service.interval 500ms',
    'service.hold 1s',
    'session.poll_interval 1s',
    'session.lost 4s',
    'session.stale 8s',
    'timers.dwell 15s',
    'timers.warm_up 1s',
  ],
];

/** Single numbers: how often one is varied, and what it may become. */
const VARIED: readonly (readonly [number, string, readonly string[]])[] = [
  [0.8, 'timers.back_to_normal', ['0s', '1s', '5s', '10s', '20s', '60s']],
  [0.3, 'timers.relapse_factor', ['1', '1.5', '3']],
  [0.3, 'timers.back_to_normal_max', ['60s', '300s']],
  [0.3, 'timers.forgive', ['30s', '120s', '600s']],
  [0.6, 'timers.return_guard', ['0s', '5s', '20s']],
  [0.5, 'timers.dwell', ['0s', '3s', '10s']],
  [0.2, 'timers.warm_up', ['0s', '500ms', '4s']],
  [0.3, 'switch.budget_per_hour', ['0', '1', '2', '60']],
  [0.2, 'switch.break_connections', ['off']],
  [0.2, 'switch.command_deadline', ['300ms', '5s']],
  [0.15, 'service.enabled', ['off']],
  [0.3, 'probe.mtu', ['1500', '9000']],
  [0.2, 'probe.fall', ['1', '2', '4']],
  [0.2, 'probe.rise', ['1', '3', '5']],
  [0.2, 'probe.confirm_min', ['0s', '100ms', '1s']],
];

function drawSettings(random: Random): string[] {
  const varied = VARIED.filter(([chance]) => random.chance(chance));
  const own = varied.map(([, key, values]) => `${key} ${random.pick(values)}`);
  return [...random.pick(STYLES), ...own].map((text) => `set ${text}`);
}

function drawWeather(random: Random): string[] {
  if (random.chance(0.4)) return [];
  return ['storage', 'management'].map((network) => {
    const rtt = writtenMs(random.pick([1, 1, 2, 5, 20]));
    const jitter = writtenMs(random.pick([0, 1, 5, 20, 100]));
    const loss = random.pick([0, 0, 0.0005, 0.005, 0.03]);
    const calm = `weather ${network} rtt ${rtt} jitter ${jitter} loss ${loss}`;
    return random.chance(0.15) ? `${calm} bursts 20s for 300ms of 0.5` : calm;
  });
}

/** What an earlier daemon, or somebody else, left in the table. */
function drawRoute(random: Random, shape: Shape, host: number): string[] {
  const ids = pathsOf(shape, host).map((p) => p.id);
  if (random.chance(0.6)) return [`route via ${ids[0]}`];
  return random.chance(0.5) ? [`route via ${random.pick(ids)}`] : [];
}

const drawBoot = (random: Random): string => (random.chance(0.02) ? 'boot shadow' : 'boot');

function drawFaults(random: Random, shape: Shape, hosts: number, lastMs: number): Fault[] {
  const aims: Aims = {
    random,
    host: 1,
    scvms: scvmNames(shape),
    paths: pathsOf(shape, 1).map((p) => p.id),
    spanMs: (least, most) => Math.round(least * (most / least) ** random.unit()),
  };
  const share = random.pick([0.1, 0.2, 0.4, 1]);
  const used = Object.values(kinds).filter(() => random.chance(share));
  const drawers = used.length > 0 ? used : [random.pick(Object.values(kinds))];
  const meanGapMs = random.pick([4000, 8000, 15_000, 30_000]);
  const faults: Fault[] = [];
  let atMs = random.int(0, 5000);
  while (atMs < lastMs) {
    const drawer = random.pick(drawers);
    for (const host of drawAimed(random, hosts)) {
      faults.push(...drawer({ ...aims, host }, atMs).map((f) => aimed(f, host)));
    }
    atMs += 1 + Math.floor(random.exponentialMs(meanGapMs / Math.min(hosts, 4)));
  }
  return faults.filter((f) => f.atMs < lastMs);
}

/** Mostly one host; sometimes a rack: all of them, or several, within moments. */
function drawAimed(random: Random, hosts: number): number[] {
  if (hosts === 1) return [1];
  const all = Array.from({ length: hosts }, (_, i) => i + 1);
  if (random.chance(0.1)) return all;
  return random.chance(0.1) ? all.filter(() => random.chance(0.5)) : [random.pick(all)];
}

/** What is of one host is said to that host; the rest is the same for all. */
function aimed(fault: Fault, host: number): Fault {
  if (!isOfHost(fault.begin)) return fault;
  const { begin, end } = fault;
  return { ...fault, begin: onHost(host, begin), end: end === null ? null : onHost(host, end) };
}
