/**
 * The kinds of faults that a seed may use, each as a drawer of one or more faults of its kind. A
 * seed uses a random part of them only (Groce et al., Swarm Testing, 2012): runs that leave most
 * kinds out reach places that runs with everything never do.
 */

import type { Random } from '../random.ts';
import { writtenMs } from '../words.ts';
import type { Fault } from './plan.ts';

/** What a fault can hit. Names as in the dialogue. */
export interface Aims {
  readonly random: Random;
  /** The host that it is aimed at, from 1; its own SCVM has the same number. */
  readonly host: number;
  readonly scvms: readonly string[];
  readonly paths: readonly string[];
  /** Some seconds, whole ms. */
  readonly spanMs: (least: number, most: number) => number;
}

type Drawer = (a: Aims, atMs: number) => Fault[];

const lasting = (atMs: number, forMs: number, begin: string, end: string): Fault[] => [
  { atMs, begin, forMs, end },
];
const once = (atMs: number, begin: string): Fault[] => [{ atMs, begin, forMs: null, end: null }];

/** A process that comes up and dies again and again. */
const restartLoop: Drawer = ({ random, scvms, spanMs }, atMs) => {
  const name = random.pick(scvms);
  const downMs = spanMs(200, 6000);
  const upMs = spanMs(500, 40_000);
  return Array.from({ length: random.int(2, 6) }, (_, i) => {
    const at = atMs + i * (downMs + upMs);
    return lasting(at, downMs, `service ${name} refused`, `service ${name} up`);
  }).flat();
};

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['timers.dwell', ['0s', '5s', '30s']],
  ['timers.back_to_normal', ['1s', '10s', '60s']],
  ['timers.return_guard', ['0s', '10s', '60s']],
  ['probe.fall', ['2', '3', '5']],
  ['session.poll_interval', ['1s', '2s']],
  ['switch.budget_per_hour', ['1', '6']],
  ['service.enabled', ['on', 'off']],
  ['probe.mtu', ['0', '1500']],
];

export const kinds: Readonly<Record<string, Drawer>> = {
  power: ({ random, scvms, spanMs }, at) => {
    const name = random.pick(scvms);
    return lasting(at, spanMs(500, 60_000), `power ${name} off`, `power ${name} on`);
  },
  homeDown: ({ host, spanMs }, at) =>
    lasting(at, spanMs(1000, 20_000), `power scvm${host} off`, `power scvm${host} on`),
  accessCrash: ({ random, scvms, spanMs }, at) => {
    const name = random.pick(scvms);
    return lasting(at, spanMs(100, 15_000), `service ${name} refused`, `service ${name} up`);
  },
  restartLoop,
  accessSilent: ({ random, scvms, spanMs }, at) => {
    const name = random.pick(scvms);
    return lasting(at, spanMs(200, 20_000), `service ${name} silent`, `service ${name} up`);
  },
  sessionRestart: ({ random, scvms }, at) => once(at, `session ${random.pick(scvms)} restart`),
  sessionLost: ({ random, scvms, spanMs }, at) => {
    const name = random.pick(scvms);
    const what = random.pick(['lapsed', 'absent']);
    return lasting(at, spanMs(500, 40_000), `session ${name} ${what}`, `session ${name} alive`);
  },
  leader: ({ random, spanMs }, at) => {
    const what = random.pick(['away', 'empty', 'partial', 'garbage']);
    return lasting(at, spanMs(500, 40_000), `leader ${what}`, 'leader here');
  },
  leaderFailover: ({ random, spanMs }, at) => {
    const awayMs = spanMs(1000, 25_000);
    const after = random.pick(['empty', 'partial']);
    return [
      ...lasting(at, awayMs, 'leader away', `leader ${after}`),
      ...once(at + awayMs + spanMs(100, 8000), 'leader here'),
    ];
  },
  /** The leader dies where it is, by itself. */
  leaderDies: (_a, at) => once(at, 'leader fail'),
  heartbeats: ({ random, scvms, spanMs }, at) => {
    const name = random.pick(scvms);
    const begin = `heartbeats ${name} ${random.pick(['cut', 'deaf'])}`;
    return lasting(at, spanMs(1000, 60_000), begin, `heartbeats ${name} ok`);
  },
  leaderCut: ({ spanMs }, at) =>
    lasting(at, spanMs(500, 40_000), 'cut leader on', 'cut leader off'),
  link: ({ random, spanMs }, at) => {
    const network = random.pick(['storage', 'management']);
    return lasting(at, spanMs(100, 30_000), `link ${network} down`, `link ${network} up`);
  },
  network: ({ random, spanMs }, at) => {
    const network = random.pick(['storage', 'management']);
    return lasting(at, spanMs(100, 20_000), `cut ${network} on`, `cut ${network} off`);
  },
  partition: ({ random, paths, spanMs }, at) => {
    const path = random.pick(paths);
    return lasting(at, spanMs(50, 30_000), `cut ${path} on`, `cut ${path} off`);
  },
  /** Frames pass one way only. */
  oneWay: ({ random, scvms, paths, spanMs }, at) => {
    const aim = random.pick([...scvms, ...paths, 'storage', 'management']);
    const way = random.pick(['out', 'back']);
    return lasting(at, spanMs(50, 30_000), `cut ${aim} ${way} on`, `cut ${aim} ${way} off`);
  },
  private: ({ spanMs }, at) => lasting(at, spanMs(500, 30_000), 'private down', 'private up'),
  firewall: ({ spanMs }, at) => lasting(at, spanMs(200, 20_000), 'firewall on', 'firewall off'),
  mtu: ({ random, paths, spanMs }, at) => {
    const path = random.pick(paths);
    return lasting(at, spanMs(500, 30_000), `mtu ${path} cut`, `mtu ${path} ok`);
  },
  bursts: ({ random, spanMs }, at) => {
    const network = random.pick(['storage', 'management']);
    const often = `bursts ${writtenMs(spanMs(500, 8000))} for ${writtenMs(spanMs(50, 2000))}`;
    const of = random.pick([0.3, 0.6, 0.9]);
    const begin = `weather ${network} ${often} of ${of}`;
    return lasting(at, spanMs(2000, 40_000), begin, `weather ${network} bursts 0s`);
  },
  slowNetwork: ({ random, spanMs }, at) => {
    const network = random.pick(['storage', 'management']);
    const begin = `weather ${network} rtt ${writtenMs(spanMs(1, 80))} jitter ${writtenMs(spanMs(1, 400))}`;
    return lasting(at, spanMs(1000, 30_000), begin, `weather ${network} rtt 1ms jitter 0s`);
  },
  commands: ({ random, spanMs }, at) => {
    const what = random.pick(['refuse', 'hang', 'lie', 'slow', 'late']);
    return lasting(at, spanMs(200, 30_000), `command ${what}`, 'command ok');
  },
  record: ({ random, spanMs }, at) => {
    const what = random.pick(['refuse', 'hang', 'deaf']);
    return lasting(at, spanMs(500, 40_000), `record ${what}`, 'record ok');
  },
  route: ({ random, paths }, at) => {
    const what = random.pick(['delete', 'via', 'add']);
    return once(at, what === 'delete' ? 'route delete' : `route ${what} ${random.pick(paths)}`);
  },
  foreignRoute: ({ random }, at) => once(at, `route ${random.pick(['via', 'add'])} 10.9.9.9`),
  unreadable: ({ spanMs }, at) =>
    lasting(at, spanMs(200, 20_000), 'route unreadable', 'route readable'),
  stall: ({ spanMs }, at) => once(at, `freeze ${writtenMs(spanMs(300, 30_000))}`),
  suspend: ({ spanMs }, at) => once(at, `suspend ${writtenMs(spanMs(300, 60_000))}`),
  crash: ({ random, spanMs }, at) => {
    const boot = random.chance(0.25) ? 'boot amnesia' : 'boot';
    return lasting(at, spanMs(100, 30_000), 'crash', boot);
  },
  duplicate: ({ random, paths }, at) => once(at, `duplicate ${random.pick(paths)}`),
  twoMachines: ({ random, paths, spanMs }, at) => {
    const path = random.pick(paths);
    const begin = `duplicate ${path} on ${random.pick(['refused', 'silent'])}`;
    return lasting(at, spanMs(1000, 30_000), begin, `duplicate ${path} off`);
  },
  pin: ({ random, paths, spanMs }, at) => {
    const span = random.chance(0.5) ? ` for ${writtenMs(spanMs(1000, 40_000))}` : '';
    const failsafe = random.chance(0.4) ? ' failsafe' : '';
    const begin = `pin ${random.pick(paths)}${span}${failsafe}`;
    return lasting(at, spanMs(1000, 60_000), begin, 'release');
  },
  pause: ({ spanMs }, at) => lasting(at, spanMs(500, 40_000), 'pause', 'resume'),
  reload: ({ random, spanMs }, at) => {
    const [key, values] = random.pick(KEYS);
    return lasting(at, spanMs(1000, 40_000), `reload ${key} ${random.pick(values)}`, 'reload base');
  },
  reloadPaths: ({ random, scvms, spanMs }, at) =>
    lasting(at, spanMs(500, 30_000), `reload without ${random.pick(scvms)}`, 'reload base'),
};
