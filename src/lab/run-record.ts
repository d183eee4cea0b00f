/**
 * What a running lab leaves on disk so that somebody else can clean up after its death: who the
 * supervisor is and which processes it started, each with its start time, since a pid alone may
 * belong to a stranger by then (proc(5), /proc/PID/stat field 22).
 */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface ProcessMark {
  readonly what: string;
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTicks: number;
}

const markSchema = z.object({ what: z.string(), pid: z.int().min(2), startTicks: z.number() });
const recordSchema = z.object({
  name: z.string(),
  supervisor: markSchema,
  processes: z.array(markSchema),
});
export type RunRecord = z.infer<typeof recordSchema>;

/** Directory of all labs of this user. Overridden inside a user namespace, where /run is hidden. */
export function labsDir(): string {
  return process.env.REROUTE_LAB_DIR ?? '/run/reroute-lab';
}

export function runDirOf(name: string): string {
  return join(labsDir(), name);
}

/** Null: no such process (any more). */
export function markOf(pid: number, what: string): ProcessMark | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; fields count from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTicks = Number(fields[19]);
    return fields[0] === 'Z' || !Number.isFinite(startTicks) ? null : { what, pid, startTicks };
  } catch {
    // ENOENT and ESRCH say the same: it is gone.
    return null;
  }
}

/** True while exactly the marked process lives, not another one with its pid. */
export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid, mark.what)?.startTicks === mark.startTicks;
}

/** Kills exactly the marked process; false when it is gone already. */
export function killMarked(mark: ProcessMark): boolean {
  if (!isAlive(mark)) return false;
  try {
    process.kill(mark.pid, 'SIGKILL');
    return true;
  } catch (error) {
    // It may have ended between the two lines; anything else is worth knowing.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Null when there is no readable record: nothing runs, nothing was left. */
export function readRunRecord(runDir: string): RunRecord | null {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(recordFile(runDir), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Absent or cut off: the namespaces' names are enough to clean up.
    return null;
  }
}

function recordFile(runDir: string): string {
  return join(runDir, 'lab.json');
}

export function removeRunRecord(runDir: string): void {
  rmSync(recordFile(runDir), { force: true });
  rmSync(join(runDir, 'lab.sock'), { force: true });
}

export interface RunRecordKeeper {
  add(pid: number, what: string): void;
  remove(pid: number): void;
}

/** Claims the run directory; throws EEXIST when a record is there already. */
export function claimRun(name: string, runDir: string): RunRecordKeeper {
  const supervisor = markOf(process.pid, 'supervisor');
  if (supervisor === null) throw new Error('cannot read /proc: is it mounted?');
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const byPid = new Map<number, ProcessMark>();
  const text = () => JSON.stringify({ name, supervisor, processes: [...byPid.values()] });
  writeFileSync(recordFile(runDir), text(), { flag: 'wx', mode: 0o600 });
  const save = () => {
    const draft = `${recordFile(runDir)}.new`;
    writeFileSync(draft, text(), { mode: 0o600 });
    renameSync(draft, recordFile(runDir));
  };
  return {
    add(pid, what) {
      const mark = markOf(pid, what);
      if (mark === null) return;
      byPid.set(pid, mark);
      save();
    },
    remove(pid) {
      if (byPid.delete(pid)) save();
    },
  };
}
