/**
 * Ends a lab from outside: a living one is asked through its socket, a dead one's remains are
 * removed. A supervisor that lives but does not stop in time is killed (exactly it: pid and start
 * time), and its guardian or this process removes the rest.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { removeLab } from './cleanup.ts';
import { askLab } from './door.ts';
import { isAlive, killMarked, readRunRecord, runDirOf } from './run-record.ts';

const STOP_MS = 20_000;

/** What was done, one line each; empty: there was nothing. */
export async function downLab(name: string, runDir = runDirOf(name)): Promise<string[]> {
  const record = readRunRecord(runDir);
  const did: string[] = [];
  if (record !== null && isAlive(record.supervisor)) {
    const { ok } = await askLab(name, 'down', runDir);
    const deadlineMs = performance.now() + (ok ? STOP_MS : 0);
    while (readRunRecord(runDir) !== null && performance.now() < deadlineMs) await sleep(50);
    if (readRunRecord(runDir) === null) return [`lab ${name} stopped`];
    if (killMarked(record.supervisor)) did.push(`ended supervisor (pid ${record.supervisor.pid})`);
  }
  return [...did, ...(await removeLab(name, runDir))];
}
