/**
 * One sweep over many targets: our engine beside fping, in turns, in the same namespaces. Run as
 * root: `npx tsx bench/icmp.ts`. The targets answer from one far namespace behind one next hop, so
 * that no neighbour table limits the largest row; veth has no delay, so this measures the tools.
 *
 * fping's figure includes the start of its process, as it does whenever it is used. What the start
 * alone costs is given beside it (fping with one target), so that the ratio can be read both ways.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSweeper } from '../src/io/icmp/sweep.ts';

export interface Row {
  readonly targets: number;
  /** Median wall time of our warm sweeps, ms. */
  readonly oursMs: number;
  /** Our first sweep in a fresh process, ms. */
  readonly firstMs: number;
  /** Median wall time of fping on the same targets, process start included, ms. */
  readonly fpingMs: number;
  /** Median wall time of fping on one target, ms. */
  readonly fpingStartMs: number;
  /** oursMs / fpingMs. */
  readonly ratio: number;
  /** oursMs / (fpingMs - fpingStartMs). */
  readonly ratioWithoutStart: number;
  /** Replies in our worst and in fping's worst round. */
  readonly replies: number;
  readonly fpingReplies: number;
}

const COUNTS = [26, 206, 506, 2000];
const ROUNDS = 15;
const TIMEOUT_MS = 500;
const THIS_FILE = fileURLToPath(import.meta.url);
const clock = { nowMs: () => Number(process.hrtime.bigint()) / 1e6 };

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `10.77.${at >> 8}.${at & 0xff}`);
}

/** One probe to each address; wall time and how many answered. */
function fping(ips: readonly string[]): { wallMs: number; replies: number } {
  const args = ['-q', '-c1', '-i', '0', '-t', String(TIMEOUT_MS)];
  const startMs = clock.nowMs();
  const done = spawnSync('fping', args, { input: ips.join('\n'), encoding: 'utf8' });
  const wallMs = clock.nowMs() - startMs;
  if (done.error !== undefined) throw new Error('fping is needed', { cause: done.error });
  return { wallMs, replies: done.stderr.match(/min\/avg\/max/g)?.length ?? 0 };
}

/** Inside the namespace, in a process of its own so that its first sweep is cold. */
async function measure(count: number): Promise<Row> {
  const ips = addresses(count);
  const sweeper = createSweeper({ payloadSize: 56, timeoutMs: TIMEOUT_MS, clock });
  const first = await sweeper.sweep(ips);
  const ours: number[] = [];
  const theirs: number[] = [];
  const starts: number[] = [];
  let replies = first.replies;
  let fpingReplies = count;
  for (let round = 0; round < ROUNDS; round++) {
    const swept = await sweeper.sweep(ips);
    const pinged = fping(ips);
    ours.push(swept.wallMs);
    theirs.push(pinged.wallMs);
    starts.push(fping(ips.slice(0, 1)).wallMs);
    replies = Math.min(replies, swept.replies);
    fpingReplies = Math.min(fpingReplies, pinged.replies);
  }
  sweeper.close();
  const [oursMs, fpingMs, fpingStartMs] = [median(ours), median(theirs), median(starts)];
  return {
    targets: count,
    oursMs,
    firstMs: first.wallMs,
    fpingMs,
    fpingStartMs,
    ratio: oursMs / fpingMs,
    ratioWithoutStart: oursMs / (fpingMs - fpingStartMs),
    replies,
    fpingReplies,
  };
}

function ip(...args: string[]): void {
  const done = spawnSync('ip', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr}`);
}

function build(near: string, far: string): void {
  for (const namespace of [near, far]) ip('netns', 'add', namespace);
  ip('link', 'add', 'v0', 'netns', near, 'type', 'veth', 'peer', 'name', 'v0', 'netns', far);
  for (const namespace of [near, far]) {
    for (const device of ['lo', 'v0']) ip('-n', namespace, 'link', 'set', device, 'up');
  }
  ip('-n', near, 'addr', 'add', '10.76.0.1/24', 'dev', 'v0');
  ip('-n', far, 'addr', 'add', '10.76.0.2/24', 'dev', 'v0');
  ip('-n', far, 'route', 'add', 'local', '10.77.0.0/16', 'dev', 'lo');
  ip('-n', near, 'route', 'add', '10.77.0.0/16', 'via', '10.76.0.2');
}

async function measureInside(namespace: string, count: number): Promise<Row> {
  const node = [process.execPath, '--import', 'tsx', THIS_FILE, 'inside', String(count)];
  const child = spawn('ip', ['netns', 'exec', namespace, ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the measurement of ${count} targets ended with ${code}`);
  return JSON.parse(output) as Row;
}

/** Builds the namespaces, measures every count, removes them. Needs root and fping. */
export async function run(): Promise<{ title: string; rows: readonly Row[] }> {
  const near = `rrb${process.pid}n`;
  const far = `rrb${process.pid}f`;
  const rows: Row[] = [];
  try {
    build(near, far);
    for (const count of COUNTS) rows.push(await measureInside(near, count));
  } finally {
    for (const namespace of [near, far]) {
      spawnSync('ip', ['netns', 'del', namespace], { stdio: 'ignore' });
    }
  }
  return { title: `ICMP sweep, 56 bytes, median of ${ROUNDS} rounds in turns with fping`, rows };
}

function print({ title, rows }: Awaited<ReturnType<typeof run>>): void {
  const shown = rows.map((row) => ({
    targets: row.targets,
    'ours ms': row.oursMs.toFixed(2),
    'first ms': row.firstMs.toFixed(2),
    'fping ms': row.fpingMs.toFixed(2),
    'fping start ms': row.fpingStartMs.toFixed(2),
    ratio: row.ratio.toFixed(2),
    'ratio less start': row.ratioWithoutStart.toFixed(2),
    'replies (worst)': row.replies,
    'fping replies (worst)': row.fpingReplies,
  }));
  console.log(title);
  console.table(shown);
}

if (process.argv[1] === THIS_FILE) {
  if (process.argv[2] === 'inside')
    console.log(JSON.stringify(await measure(Number(process.argv[3]))));
  else print(await run());
}
