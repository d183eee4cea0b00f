/**
 * The lab's guardian: a process of its own that does nothing but wait for the supervisor's death
 * and then remove what the lab built. It learns of that death by the end of its standard input, a
 * pipe whose other end only the supervisor holds, so even SIGKILL cannot be missed. It runs in a
 * session of its own: Ctrl-C does not reach it.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { removeLab } from '../cleanup.ts';
import { isAlive, readRunRecord } from '../run-record.ts';

const [name = '', runDir = ''] = process.argv.slice(2);

process.stdin.resume();
await new Promise<void>((resolve) => {
  process.stdin.once('end', resolve);
  process.stdin.once('error', () => resolve());
});

// After an orderly stop the record is gone and nothing is left to do.
const record = readRunRecord(runDir);
if (record !== null) {
  while (isAlive(record.supervisor)) await sleep(50);
  const did = await removeLab(name, runDir);
  console.log(`the supervisor of lab ${name} died; ${did.join('; ')}`);
}
