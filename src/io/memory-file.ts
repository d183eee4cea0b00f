/**
 * What outlives a restart: the decision's Memory in `<state_dir>/memory.json`. Not a snapshot of
 * the chart (the daemon starts in warm-up and reads the route as a fact), only counters and times.
 *
 * On disk times are wall-clock ms, for people and for other boots. They come back as ages: a
 * moment lay so long before the saving, and the saving so long ago. How long ago is taken from
 * the monotonic clock when the boot is the same (immune to a clock that was set), else from the
 * wall clock, never below 0. So nothing comes back from the future: times lie at most at now,
 * and a pin lasts at most as long as it had left when it was saved.
 */

import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
} from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Memory } from '../machines/model.ts';
import { errorCode, errorText } from './errno.ts';
import { memorySchema } from './fact-schema.ts';
import type { Log } from './log.ts';
import type { Clock } from './report.ts';

export const memoryFile = (stateDir: string): string => join(stateDir, 'memory.json');

const VERSION = 1;
const MAX_BYTES = 1024 * 1024;

const fileSchema = z.strictObject({
  v: z.literal(VERSION),
  /** Identity of the boot (proc_sys_kernel(5), random/boot_id); null where there is none. */
  bootId: z.string().max(64).nullable(),
  savedAt: z.strictObject({ wallMs: z.number(), monotonicMs: z.number() }),
  memory: memorySchema,
});

export interface LoadedMemory {
  /** Times on this boot's monotonic clock (negative: before the boot); null: none or unusable. */
  readonly memory: Memory | null;
  /** One line for the log; null on success and on the very first start. */
  readonly problem: string | null;
}

/** Reads the memory once, at the start. A bad file is kept aside as `memory.json.bad`. */
export function loadMemory(
  stateDir: string,
  clock: Clock,
  wallNowMs: () => number = Date.now,
): LoadedMemory {
  const file = memoryFile(stateDir);
  let text: string;
  try {
    text = readBounded(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { memory: null, problem: null };
    return { memory: null, problem: `memory ${file} cannot be read: ${errorText(error)}` };
  }
  const parsed = parseFile(text);
  if (typeof parsed === 'string') {
    return { memory: null, problem: `memory ${file} is not usable: ${parsed}; ${setAside(file)}` };
  }
  const { savedAt, memory } = parsed;
  const nowMs = clock.nowMs();
  const isSameBoot = parsed.bootId !== null && parsed.bootId === bootId();
  const sinceMs = isSameBoot ? nowMs - savedAt.monotonicMs : wallNowMs() - savedAt.wallMs;
  const savedMs = nowMs - Math.max(0, sinceMs);
  const toMonotonic = (wallMs: number) => savedMs - (savedAt.wallMs - wallMs);
  const past = (wallMs: number) => Math.min(nowMs, toMonotonic(wallMs));
  return { memory: mapTimes(memory, past, toMonotonic), problem: null };
}

function readBounded(file: string): string {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    // A larger one is not ours; its first bytes will not parse.
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
    return bytes.toString('utf8', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

function parseFile(text: string): z.infer<typeof fileSchema> | string {
  try {
    const result = fileSchema.safeParse(JSON.parse(text));
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    return `${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'invalid'}`;
  } catch {
    return 'not JSON';
  }
}

function setAside(file: string): string {
  try {
    renameSync(file, `${file}.bad`);
    return `kept aside as ${file}.bad`;
  } catch (error) {
    return `could not be set aside: ${errorText(error)}`;
  }
}

function mapTimes(
  memory: Memory,
  past: (atMs: number) => number,
  until: (atMs: number) => number,
): Memory {
  const { pin } = memory;
  const pastOrNull = (atMs: number | null) => (atMs === null ? null : past(atMs));
  return {
    ...memory,
    servingSinceMs: pastOrNull(memory.servingSinceMs),
    arrivedAtMs: pastOrNull(memory.arrivedAtMs),
    leftAtMs: Object.fromEntries(
      Object.entries(memory.leftAtMs).map(([path, atMs]) => [path, past(atMs)]),
    ),
    preferredAtMs: memory.preferredAtMs.map(past),
    pin: pin === null || pin.untilMs === null ? pin : { ...pin, untilMs: until(pin.untilMs) },
  };
}

export interface MemorySaver {
  /** Keeps the newest; what is not yet written is replaced by it. */
  save(memory: Memory): void;
  /** Failed attempts so far. */
  errorCount(): number;
  /** Resolves when the newest is on disk, an attempt failed, or after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>;
}

export interface MemorySaverOptions {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Wait after a failed attempt, ms. */
  readonly retryMs?: number;
  readonly wallNowMs?: () => number;
}

const RETRY_MS = 5000;
const CLOSE_DEADLINE_MS = 150;

/** Saves in the background: each time whole, to a new file, synced, then renamed over the old. */
export function createMemorySaver(options: MemorySaverOptions): MemorySaver {
  const { stateDir, clock, log, retryMs = RETRY_MS, wallNowMs = Date.now } = options;
  const file = memoryFile(stateDir);
  let wanted: string | null = null;
  let writing: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let errorCount = 0;
  let told = '';
  let closed = false;

  const textOf = (memory: Memory): string => {
    const monotonicMs = clock.nowMs();
    const savedAt = { wallMs: Math.round(wallNowMs()), monotonicMs };
    const toWall = (atMs: number) => Math.round(savedAt.wallMs - (monotonicMs - atMs));
    const body = { v: VERSION, bootId: bootId(), savedAt };
    return `${JSON.stringify({ ...body, memory: mapTimes(memory, toWall, toWall) }, null, 2)}\n`;
  };

  const writeAll = async (): Promise<void> => {
    while (wanted !== null) {
      const text = wanted;
      wanted = null;
      try {
        await replaceFile(file, text);
        told = '';
      } catch (error) {
        errorCount++;
        if (told !== errorText(error)) log.warn(`memory not saved: ${errorText(error)}`);
        told = errorText(error);
        // Unless a newer one came meanwhile.
        wanted ??= text;
        return;
      }
    }
  };

  const begin = (): void => {
    if (writing !== null) return;
    if (retry !== null) clearTimeout(retry);
    retry = null;
    writing = writeAll().finally(() => {
      writing = null;
      if (wanted === null || closed) return;
      retry = setTimeout(begin, retryMs);
      retry.unref();
    });
  };

  return {
    save(memory) {
      if (closed) return;
      wanted = textOf(memory);
      begin();
    },
    errorCount: () => errorCount,
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      closed = true;
      if (wanted !== null) begin();
      if (retry !== null) clearTimeout(retry);
      let deadline: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        deadline = setTimeout(resolve, deadlineMs);
      });
      await Promise.race([writing, late]);
      clearTimeout(deadline);
    },
  };
}

/** After a crash at any moment either the old or the new text stands there, whole. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o750 });
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const made = await open(`${file}.new`, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o640);
  try {
    await made.writeFile(text);
    await made.sync();
  } finally {
    await made.close();
  }
  await rename(`${file}.new`, file);
  const folder = await open(dirname(file), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
