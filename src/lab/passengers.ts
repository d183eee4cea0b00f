/**
 * Who lives on the lab's hosts: a writing client, and the controller under test. Both end with the
 * lab.
 */

import type { ChildProcess } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openForOutput, programArgs } from './children.ts';
import type { Overrides } from './configure.ts';
import type { Lab } from './lab.ts';

const clientLine = z.object({
  at: z.number(),
  event: z.enum(['connected', 'moved', 'answered', 'gap', 'broken']),
  server: z.string().nullable().default(null),
  gapMs: z.number().nullable().default(null),
});

/** A real client on a host; what it prints becomes part of the ground truth. */
export function startClient(lab: Lab, host: string): ChildProcess {
  const child = lab.exec(host, process.execPath, programArgs('client'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the client has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = clientLine.safeParse(JSON.parse(line));
    if (!said.success) return;
    const { at, event, server, gapMs } = said.data;
    lab.truth.add({ type: 'client', host, event, server, gapMs }, at);
  });
  return child;
}

/** Writes runDir/<host>/reroute.yaml and starts the controller with it. */
export function startDaemon(
  lab: Lab,
  host: string,
  argv: readonly string[],
  overrides: Overrides = {},
): ChildProcess {
  const file = join(lab.runDir, host, 'reroute.yaml');
  writeFileSync(file, lab.configFor(host, overrides), { mode: 0o600 });
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('no command for the controller');
  const output = openForOutput(join(lab.runDir, host, 'reroute.out'));
  const child = lab.exec(host, program, [...args, 'run', '--config', file], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return child;
}
