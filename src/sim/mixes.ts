/**
 * Fault mixes: what a month in one kind of place does to a cluster, drawn from a seed, for the timer
 * experiments and the benchmarks. All of a mix is lines of a dialogue (commands.ts), so that it can
 * be read and kept. Rates and lengths follow DOMAIN.md sections 2, 3, 6 and 7; where nobody has
 * counted they are round figures, and the comment says so.
 */

import { type Shape, scvmNames } from './header.ts';
import { createRandom, type Random } from './random.ts';
import type { Fault, Plan } from './swarm/plan.ts';
import { writtenMs } from './words.ts';

export interface Mix {
  /** One line for people. */
  readonly says: string;
  /** Lines of time 0, for each host. */
  readonly weather: readonly string[];
  /** In any order. Times are whole ms, begins lie in 0..durationMs. */
  readonly draw: (place: Place) => Fault[];
}

/** What a mix draws from, and for. */
export interface Place {
  readonly random: Random;
  readonly durationMs: number;
  readonly scvms: readonly string[];
  /** Positions of the hosts, from 1; host n has its own SCVM n. */
  readonly hosts: readonly number[];
}

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times at random, `meanMs` apart in the mean (Poisson). */
function arrivals({ random, durationMs }: Place, meanMs: number): number[] {
  const times: number[] = [];
  for (let at = gapMs(random, meanMs); at < durationMs; at += gapMs(random, meanMs)) times.push(at);
  return times;
}

const gapMs = (random: Random, meanMs: number): number =>
  1 + Math.floor(random.exponentialMs(meanMs));

/** From `least` to `most` ms, each order of magnitude as likely as the next. */
const spanMs = (random: Random, least: number, most: number): number =>
  Math.round(least * (most / least) ** random.unit());

const lasting = (atMs: number, forMs: number, begin: string, end: string): Fault => ({
  atMs,
  begin,
  forMs,
  end,
});

const once = (atMs: number, begin: string): Fault => ({ atMs, begin, forMs: null, end: null });

const on = (host: number, line: string): string => (host === 1 ? line : `@${host} ${line}`);

const reboot = (random: Random, atMs: number, name: string): Fault =>
  lasting(atMs, spanMs(random, 90 * SECOND, 6 * MINUTE), `power ${name} off`, `power ${name} on`);

/** The access process dies and its guardian starts it again. */
const restart = (random: Random, atMs: number, name: string): Fault =>
  lasting(
    atMs,
    spanMs(random, 2 * SECOND, 20 * SECOND),
    `service ${name} refused`,
    `service ${name} up`,
  );

/** No leader for less than 30 s, then a list that is not whole yet. */
function leaderFailover(random: Random, atMs: number): Fault[] {
  const awayMs = spanMs(random, 2 * SECOND, 25 * SECOND);
  const fillsMs = spanMs(random, 200, 5 * SECOND);
  const after = random.pick(['empty', 'partial']);
  return [
    lasting(atMs, awayMs, 'leader away', `leader ${after}`),
    once(atMs + awayMs + fillsMs, 'leader here'),
  ];
}

/**
 * A LAN that is well: in the mean one probe of 50000 is lost. In a month of three SCVMs about one
 * reboot, one crash of an access process, two leader failovers and one short cut of a path.
 */
const quietMonth: Mix = {
  says: 'a healthy cluster in production, with the few faults that a month brings',
  weather: ['storage rtt 0.25ms jitter 0.25ms loss 0.00002', 'management rtt 0.5ms jitter 0.5ms'],
  draw(place) {
    const { random, scvms, hosts } = place;
    const perScvm = (days: number): number => (days * DAY) / scvms.length;
    return [
      ...arrivals(place, perScvm(90)).map((at) => reboot(random, at, random.pick(scvms))),
      ...arrivals(place, perScvm(90)).map((at) => restart(random, at, random.pick(scvms))),
      ...arrivals(place, 15 * DAY).flatMap((at) => leaderFailover(random, at)),
      ...hosts.flatMap((host) =>
        arrivals(place, 30 * DAY).map((at) => {
          const name = random.pick(scvms);
          const forMs = spanMs(random, 300, 10 * SECOND);
          return lasting(at, forMs, on(host, `cut ${name} on`), on(host, `cut ${name} off`));
        }),
      ),
    ];
  },
};

/** All SCVMs rebooted one after the other, about once a week: each is up for a while before the next. */
const upgrades: Mix = {
  says: 'SCVMs rebooted one after the other for upgrades, about once a week',
  weather: quietMonth.weather,
  draw(place) {
    const { random, scvms } = place;
    return arrivals(place, 7 * DAY).flatMap((startMs) => {
      let at = startMs;
      return scvms.map((name) => {
        const fault = reboot(random, at, name);
        at += (fault.forMs ?? 0) + spanMs(random, 3 * MINUTE, 15 * MINUTE);
        return fault;
      });
    });
  },
};

/**
 * An access process that comes up and dies again, for hours, about once in two days: up for 20 s to
 * 10 minutes, so that every hold between them is tried.
 */
const restartLoop: Mix = {
  says: "a chunk process that restarts again and again, mostly the host's own",
  weather: quietMonth.weather,
  draw(place) {
    const { random, scvms } = place;
    return arrivals(place, 2 * DAY).flatMap((startMs) => {
      const name = random.chance(0.7) ? (scvms[0] ?? '') : random.pick(scvms);
      const upMs = spanMs(random, 20 * SECOND, 10 * MINUTE);
      const endMs = startMs + spanMs(random, HOUR, 8 * HOUR);
      const faults: Fault[] = [];
      for (let at = startMs; at < endMs; ) {
        const fault = restart(random, at, name);
        faults.push(fault);
        at += (fault.forMs ?? 0) + spanMs(random, upMs / 1.5, upMs * 1.5);
      }
      return faults;
    });
  },
};

/** A switch that drops at random all the time, and in bursts for some hours of a day. */
const lossySwitch: Mix = {
  says: 'a storage switch that drops frames, at random and in bursts',
  weather: ['storage rtt 0.25ms jitter 1ms loss 0.003', 'management rtt 0.5ms jitter 0.5ms'],
  draw(place) {
    const { random, hosts } = place;
    return arrivals(place, DAY).flatMap((at) => {
      const forMs = spanMs(random, 10 * MINUTE, 4 * HOUR);
      const every = writtenMs(spanMs(random, 5 * SECOND, 5 * MINUTE));
      const length = writtenMs(spanMs(random, 100, 4 * SECOND));
      const bad = `weather storage bursts ${every} for ${length} of ${random.pick([0.3, 0.6, 0.9])}`;
      return hosts.map((host) =>
        lasting(at, forMs, on(host, bad), on(host, 'weather storage bursts 0s')),
      );
    });
  },
};

/** A leader that moves about six times a day. */
const leaderFailovers: Mix = {
  says: 'a meta leader that fails over several times a day',
  weather: quietMonth.weather,
  draw: (place) => arrivals(place, 4 * HOUR).flatMap((at) => leaderFailover(place.random, at)),
};

/**
 * SCVMs nested in VMs of a busy host: everything is slow, and now and then for some seconds far
 * slower than any probe waits. This is where a single ping of 1 s had to be given up.
 */
const nestedLab: Mix = {
  says: 'a nested lab on a busy machine: slow and jittery, with spells of seconds',
  weather: ['storage rtt 3ms jitter 40ms loss 0.001', 'management rtt 5ms jitter 60ms loss 0.001'],
  draw(place) {
    const { random, hosts, scvms } = place;
    const spells = hosts.flatMap((host) =>
      arrivals(place, 30 * MINUTE).map((at) => {
        const jitter = writtenMs(spanMs(random, 200, 3 * SECOND));
        const slow = `weather storage rtt 3ms jitter ${jitter}`;
        const forMs = spanMs(random, SECOND, 30 * SECOND);
        return lasting(at, forMs, on(host, slow), on(host, 'weather storage rtt 3ms jitter 40ms'));
      }),
    );
    const stalls = hosts.flatMap((host) =>
      arrivals(place, 6 * HOUR).map((at) =>
        once(at, on(host, `freeze ${writtenMs(spanMs(random, 500, 10 * SECOND))}`)),
      ),
    );
    const hangs = arrivals(place, 12 * HOUR).map((at) => {
      const name = random.pick(scvms);
      const forMs = spanMs(random, 500, 8 * SECOND);
      return lasting(at, forMs, `service ${name} silent`, `service ${name} up`);
    });
    return [...spells, ...stalls, ...hangs];
  },
};

/** The first host's storage interface: link flaps that come ever closer for a day, then it is changed. */
const dyingNic: Mix = {
  says: "a host's storage interface that flaps, ever faster, until it is replaced",
  weather: quietMonth.weather,
  draw(place) {
    const { random } = place;
    return arrivals(place, 5 * DAY).flatMap((startMs) => {
      const faults: Fault[] = [];
      let gap = 2 * HOUR;
      for (let at = startMs; at < startMs + DAY; gap = Math.max(20 * SECOND, gap * 0.93)) {
        const forMs = spanMs(random, 300, 20 * SECOND);
        faults.push(lasting(at, forMs, 'link storage down', 'link storage up'));
        at += forMs + gapMs(random, gap);
      }
      return faults;
    });
  },
};

export const mixes = {
  'quiet-month': quietMonth,
  'scvm-upgrades': upgrades,
  'restart-loop': restartLoop,
  'lossy-switch': lossySwitch,
  'leader-failovers': leaderFailovers,
  'nested-lab': nestedLab,
  'dying-nic': dyingNic,
} as const satisfies Readonly<Record<string, Mix>>;

export type MixName = keyof typeof mixes;

/**
 * A mix as a plan: the same for the same seed, duration, shape and number of hosts. Streams of
 * their own for each name, so that one mix more changes no other.
 */
export function planOfMix(
  name: MixName,
  seed: number,
  durationMs: number,
  shape: Shape,
  hosts = 1,
): Plan {
  const mix: Mix = mixes[name];
  const all = Array.from({ length: hosts }, (_, i) => i + 1);
  const place: Place = {
    random: createRandom(seed, 'mix', name),
    durationMs,
    scvms: scvmNames(shape),
    hosts: all,
  };
  const zones = shape.zones === 2 ? ' zones' : '';
  const cluster = `cluster ${shape.scvms}${zones}${shape.access ? ' access' : ''}`;
  const storage = shape.access ? 'access' : 'data';
  const opening = all.flatMap((host) => [
    ...mix.weather.map((w) => on(host, `weather ${w}`)),
    on(host, `route via scvm${host}/${storage}`),
    on(host, 'boot'),
  ]);
  const header = [cluster, ...(hosts > 1 ? [`hosts ${hosts}`] : []), `seed ${seed}`];
  const faults = mix.draw(place).filter((f) => f.atMs < durationMs);
  return { seed, header, opening, faults, safetyMs: durationMs };
}
