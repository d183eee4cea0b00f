/**
 * The daemon as a process: from its start to the first verdict, from SIGTERM to its end, and what
 * it costs while nothing happens, with 3 SCVMs (6 targets) and with 50 (100 targets). The real
 * `bin/reroute run` with its default configuration, in a namespace of its own; the far end is one
 * namespace that owns all addresses and answers ping, NFS NULL, sessions, records and heartbeats.
 * Not measured: the far end, and how long a switch takes (switch.ts). Needs root and a build.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { createRecordReader, encodeReply, parseCall } from '../src/lab/rpc.ts';

export interface Row {
  readonly scvms: number;
  readonly targets: number;
  /** Process start to the first path that is up, median, ms. */
  readonly firstVerdictMs: number;
  /** Process start to all paths up, median, ms. */
  readonly allUpMs: number;
  /** SIGTERM to the end of the process, ms. */
  readonly exitMs: number;
  readonly exitMaxMs: number;
  /** CPU of the daemon and the helpers that it waits for, share of one core, %. */
  readonly cpuPercent: number;
  readonly rssMiB: number;
}

const COUNTS = [3, 50];
const STARTS = 5;
const STEADY_MS = 20_000;
const NFS_IP = '192.168.33.2';
const SELF = fileURLToPath(import.meta.url);
const PROGRAM = fileURLToPath(new URL('../bin/reroute', import.meta.url));
const HERTZ = 100;

const dataIp = (n: number): string => `10.10.85.${15 + n}`;
const manageIp = (n: number): string => `192.168.85.${15 + n}`;
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Rejects when the daemon does not see every path up, or does not end. */
export async function run(): Promise<{ title: string; rows: Row[] }> {
  const rows: Row[] = [];
  for (const count of COUNTS) rows.push(await measure(count));
  return { title: `daemon: start, exit and steady cost (${STEADY_MS / 1000} s each)`, rows };
}

async function measure(count: number): Promise<Row> {
  const name = `rrx${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const ip = (line: string) => execFileSync('ip', line.split(' '));
  ip(`netns add ${name}h`);
  ip(`netns add ${name}f`);
  let far: ChildProcess | null = null;
  try {
    for (const line of wires(name, count)) ip(line);
    const inside = ['netns', 'exec', `${name}f`, process.execPath, '--import', 'tsx'];
    far = spawn('ip', [...inside, SELF, '--far', String(count)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (far.stdout) await once(far.stdout, 'data');
    const first: number[] = [];
    const all: number[] = [];
    const exits: number[] = [];
    let steady = { cpuPercent: Number.NaN, rssMiB: Number.NaN };
    for (let start = 1; start <= STARTS; start += 1) {
      const dir = join(folder, String(start));
      const daemon = startIn(`${name}h`, dir, count);
      const upAfterMs = await untilAllUp(daemon, dir, 2 * count);
      first.push(upAfterMs[0] ?? Number.NaN);
      all.push(upAfterMs.at(-1) ?? Number.NaN);
      if (start === STARTS) steady = await watchSteady(daemon.child.pid ?? 0);
      const endedMs = performance.now();
      daemon.child.kill('SIGTERM');
      if (daemon.child.exitCode === null) await once(daemon.child, 'exit');
      exits.push(performance.now() - endedMs);
    }
    return {
      scvms: count,
      targets: 2 * count,
      firstVerdictMs: Math.round(median(first)),
      allUpMs: Math.round(median(all)),
      exitMs: Math.round(median(exits)),
      exitMaxMs: Math.round(Math.max(...exits)),
      ...steady,
    };
  } finally {
    far?.kill('SIGKILL');
    ip(`netns del ${name}h`);
    ip(`netns del ${name}f`);
    rmSync(folder, { recursive: true, force: true });
  }
}

function wires(name: string, count: number): string[] {
  const pair = (net: string, prefix: string, addresses: readonly string[]): string[] => [
    `link add ${net} netns ${name}h type veth peer name ${net} netns ${name}f`,
    `-n ${name}h addr add ${prefix}.11/24 dev ${net}`,
    ...addresses.map((address) => `-n ${name}f addr add ${address}/24 dev ${net}`),
    `-n ${name}f link set ${net} up`,
    `-n ${name}h link set ${net} up`,
  ];
  return [
    ...pair('storage', '10.10.85', range(count).map(dataIp)),
    ...pair('mgmt', '192.168.85', range(count).map(manageIp)),
  ];
}

interface Started {
  readonly child: ChildProcess;
  readonly atMs: number;
}

function startIn(namespace: string, dir: string, count: number): Started {
  mkdirSync(dir);
  const file = join(dir, 'reroute.yaml');
  const config = {
    nfs_ip: NFS_IP,
    host_id: 'host1',
    scvms: range(count).map((n) => ({
      name: `scvm${n + 1}`,
      ...(n === 0 ? { local: true } : {}),
      data_ip: dataIp(n),
      manage_ip: manageIp(n),
    })),
    log: { file: join(dir, 'log'), link: null },
    state_dir: dir,
    lock_file: join(dir, 'lock'),
    control: { socket: join(dir, 'sock'), http: 'off' },
  };
  writeFileSync(file, stringify(config));
  const atMs = nowMs();
  const args = ['netns', 'exec', namespace, process.execPath, PROGRAM, 'run', '--config', file];
  return { child: spawn('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] }), atMs };
}

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** When each path was first up, ms after the start, earliest first; from the daemon's journal. */
async function untilAllUp(daemon: Started, dir: string, paths: number): Promise<number[]> {
  const journal = join(dir, 'journal', 'journal-000001.ndjson');
  for (let tries = 0; tries < 600; tries += 1) {
    await sleep(50);
    const upAtMs = new Map<string, number>();
    for (const line of textOf(journal).split('\n')) {
      if (!line.includes('NOTE_VERDICT') || !line.endsWith('}')) continue;
      const { path, to, atMs } = JSON.parse(line);
      if (to === 'up' && !upAtMs.has(path)) upAtMs.set(path, atMs - daemon.atMs);
    }
    if (upAtMs.size === paths) return [...upAtMs.values()].sort((a, b) => a - b);
    if (daemon.child.exitCode !== null) throw new Error('the daemon ended');
  }
  throw new Error(`${paths} paths were not up within 30 s`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not there yet.
    return '';
  }
}

async function watchSteady(pid: number) {
  const cpuMs = (): number => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // proc(5): utime, stime, cutime, cstime are fields 14 to 17; fields[0] is field 3.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return (ticks * 1000) / HERTZ;
  };
  // The first seconds are warm-up and compilation.
  await sleep(3000);
  const beganCpuMs = cpuMs();
  const beganMs = nowMs();
  await sleep(STEADY_MS);
  const cpuPercent = (100 * (cpuMs() - beganCpuMs)) / (nowMs() - beganMs);
  const rssKiB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { cpuPercent: Math.round(cpuPercent * 100) / 100, rssMiB: Math.round(rssKiB / 1024) };
}

/** All SCVMs in one process. */
function beTheFarEnd(count: number): void {
  const beganMs = nowMs();
  const nfs = createTcp((socket) => {
    const read = createRecordReader((record) => {
      const call = parseCall(record);
      if (call) socket.write(encodeReply(call, 'bench'));
    });
    socket.on('data', (chunk: Buffer) => void read(chunk));
    socket.on('error', () => socket.destroy());
  });
  const rest = createHttp((request, response) => {
    const data = range(count).map((n) => ({
      uuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      ip: dataIp(n),
      manage_ip: manageIp(n),
      alive: true,
      alive_sec: (nowMs() - beganMs) / 1000 + 3600,
      local_client_ips: [],
    }));
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ ec: 'EOK', error: {}, data: request.method === 'GET' ? data : {} }),
    );
  });
  nfs.listen(2049, '0.0.0.0');
  rest.listen(80, '0.0.0.0', () => process.stdout.write('ready\n'));
  createHttp((request, response) => {
    request.resume();
    response.end('{}');
  }).listen(10_700, '0.0.0.0');
}

if (process.argv[2] === '--far') {
  beTheFarEnd(Number(process.argv[3]));
} else if (process.argv[1] === SELF) {
  const { title, rows } = await run();
  console.log(title);
  console.table(rows);
}
