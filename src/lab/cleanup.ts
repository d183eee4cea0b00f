/**
 * Removes what a lab built: its processes (recorded ones by pid and start time, others by living
 * in one of its namespaces) and its namespaces. Used by the lab itself, by its guardian after a
 * crash, and by `reroute lab down`. Safe to repeat. Logs and the truth file stay.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  isAlive,
  killMarked,
  markOf,
  type ProcessMark,
  readRunRecord,
  removeRunRecord,
} from './run-record.ts';
import { namespaces, processesIn, removeNamespaces } from './topology.ts';

const GONE_MS = 5000;

/** The namespaces that exist under this lab's name; `rr-a-b-h1` is lab `a-b`'s, not lab `a`'s. */
export async function namespacesOf(name: string): Promise<string[]> {
  const parts = /^(sw|[hsd]\d+)$/;
  const prefix = `rr-${name}-`;
  return (await namespaces()).filter(
    (space) => space.startsWith(prefix) && parts.test(space.slice(prefix.length)),
  );
}

async function untilGone(marks: readonly ProcessMark[]): Promise<void> {
  const deadlineMs = performance.now() + GONE_MS;
  while (marks.some(isAlive) && performance.now() < deadlineMs) await sleep(10);
}

/** What was removed, one line each; empty when there was nothing. */
export async function removeLab(name: string, runDir: string): Promise<string[]> {
  const did: string[] = [];
  const killed: ProcessMark[] = [];
  const kill = (mark: ProcessMark | null) => {
    if (mark === null || mark.pid === process.pid || !killMarked(mark)) return;
    killed.push(mark);
    did.push(`ended ${mark.what} (pid ${mark.pid})`);
  };
  const record = readRunRecord(runDir);
  for (const mark of record?.processes ?? []) kill(mark);
  const spaces = await namespacesOf(name);
  for (const space of spaces) {
    for (const pid of await processesIn(space)) kill(markOf(pid, `a process in ${space}`));
  }
  await untilGone(killed);
  await removeNamespaces(spaces);
  did.push(...spaces.map((space) => `removed namespace ${space}`));
  const left = await namespacesOf(name);
  if (left.length > 0) throw new Error(`could not remove ${left.join(', ')}`);
  removeRunRecord(runDir);
  return did;
}
