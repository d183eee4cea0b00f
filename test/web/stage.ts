/**
 * A console on a stage: the daemon's own loop and console, with made-up facts instead of senses and
 * a hand that carries out every route at once. For what a lab has no room for: hundreds of paths,
 * very long names, a journal of one's own.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/parse.ts';
import { type DaemonConsole, startConsole } from '../../src/daemon/console.ts';
import { createLoop, type Loop } from '../../src/daemon/loop.ts';
import { steerHandlers } from '../../src/daemon/steer.ts';
import { monotonicClock, wallTime } from '../../src/io/clock.ts';
import type { ControlHandlers } from '../../src/io/control-server.ts';
import { createJournal } from '../../src/io/journal.ts';
import type { Fact } from '../../src/machines/events.ts';
import type { Path, RouteEntry } from '../../src/machines/model.ts';
import { toPlain } from '../../src/machines/plain.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { version } from '../../src/version.ts';
import { loadAssets } from '../../src/web/assets.ts';
import { threeHosts } from '../sim/settings.ts';

type Without<T> = T extends Fact ? Omit<T, 'atMs'> : never;
type Untimed = Without<Fact>;

export interface Stage {
  readonly url: string;
  readonly token: string;
  readonly loop: Loop;
  readonly handlers: ControlHandlers;
  readonly settings: Settings;
  readonly log: readonly string[];
  readonly journalDir: string;
  report(fact: Untimed): void;
  /** Every path answers, from now on again and again, and the route is at home. */
  allUp(): void;
  /** As many lost probes as it takes to be down; it answers no more. */
  down(path: string): void;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly settings?: Settings;
  /** A journal that is there already. */
  readonly dir?: string;
  readonly port?: number;
  /** Another build of the page than the one on the disk. */
  readonly build?: string;
}

/** Answers come without waiting, and `confirm_min` is 0: nothing on this stage needs a clock. */
const QUICK: Settings = {
  ...threeHosts,
  probe: { ...threeHosts.probe, confirmMinMs: 0, riseCount: 1 },
  timers: { ...threeHosts.timers, warmUpMs: 0 },
};

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const settings = options.settings ?? QUICK;
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'rr-stage-'));
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const log = { error: say, warn: say, info: say } as unknown as Parameters<
    typeof startConsole
  >[0]['log'];
  const clock = monotonicClock();
  const wall = wallTime(clock);
  const journalDir = join(dir, 'journal');
  let loop: Loop | null = null;
  const journal = createJournal({
    dir: journalDir,
    maxSize: 64 * 1024 * 1024,
    maxFiles: 4,
    header: () => ({ version, settings, state: loop ? toPlain(loop.state()) : null }),
    clock,
    log,
  });
  const startedAtMs = clock.nowMs();
  const read = (gateway: string, orderId: number | null): Fact => {
    const entry: RouteEntry = { gateway, device: 'eth0', metric: 0, protocol: '133', plain: true };
    return { type: 'ROUTE_READ', atMs: clock.nowMs(), entries: [entry], orderId };
  };
  const made = createLoop({
    settings,
    started: { type: 'STARTED', atMs: startedAtMs, memory: null, shadow: false },
    clock,
    journal,
    checkStall: () => undefined,
    carryOut(order) {
      if (order.type === 'SET_ROUTE')
        queueMicrotask(() => made.report(read(order.gateway, order.orderId)));
    },
  });
  loop = made;
  const handlers = steerHandlers({
    loop: made,
    clock,
    wallMs: wall.wallMs,
    journalDir,
    about: () => ({}),
    reload: async () => ({ ok: true, says: '' }),
  });
  const parsed = parseConfig(CONFIG, { hostname: 'host1' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const http = { host: '127.0.0.1', port: options.port ?? 0 };
  const assets = loadAssets();
  const console_: DaemonConsole = await startConsole(
    {
      config: { ...parsed.config, stateDir: dir, control: { ...parsed.config.control, http } },
      loop: made,
      clock,
      wallMs: wall.wallMs,
      journalDir,
      flushJournal: journal.flush,
      startedAtMs,
      handlers,
      log,
    },
    options.build === undefined ? assets : { ...assets, build: options.build },
  );
  const about = console_.about();
  if (!about) {
    made.stop();
    await journal.close();
    throw new Error(lines.join('; '));
  }
  const report = (fact: Untimed): void => made.report({ ...fact, atMs: clock.nowMs() } as Fact);
  const answering = new Set<string>();
  const beat = setInterval(() => {
    for (const id of answering) answer(report, id);
  }, 1000);
  return {
    url: about.url,
    token: about.token ?? '',
    loop: made,
    handlers,
    settings,
    log: lines,
    journalDir,
    report,
    allUp() {
      for (const { id } of settings.paths) answering.add(id);
      for (const id of answering) answer(report, id);
      made.report(read(settings.paths[0]?.ip ?? '', null));
    },
    down(path) {
      answering.delete(path);
      for (let n = 0; n < settings.probe.fallCount; n += 1) {
        report({ type: 'PING_LOST', path, size: 'small', waitedMs: 500 });
      }
    },
    async close() {
      clearInterval(beat);
      made.stop();
      await console_.close();
      await journal.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

function answer(report: (fact: Untimed) => void, path: string): void {
  report({ type: 'SERVICE_ANSWERED', path, rttMs: 0.3 });
  report({ type: 'PING_REPLIED', path, size: 'small', rttMs: 0.2 });
}

const CONFIG = `scvms:
  - { name: scvm1, local: true, data_ip: 10.10.85.15, manage_ip: 192.168.85.15 }
  - { name: scvm2, data_ip: 10.10.85.16, manage_ip: 192.168.85.16 }
`;

/** Settings with so many SCVMs, named as one likes. */
export function manyScvms(count: number, nameOf: (n: number) => string): Settings {
  const paths = Array.from({ length: count }, (_, i): Path[] => {
    const scvm = nameOf(i + 1);
    const [dataIp, manageIp] = [
      `10.10.${85 + (i >> 7)}.${(i & 127) + 1}`,
      `10.20.${85 + (i >> 7)}.${(i & 127) + 1}`,
    ];
    const of = { scvm, dataIp, manageIp, local: i === 0, sameZone: true };
    return [
      { ...of, id: `${scvm}/data`, kind: 'data', network: 'storage', ip: dataIp },
      { ...of, id: `${scvm}/manage`, kind: 'manage', network: 'management', ip: manageIp },
    ];
  }).flat();
  return { ...QUICK, paths };
}
