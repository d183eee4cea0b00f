/**
 * Records every change of a host's route to the NFS address as the kernel announces it
 * (`ip -o monitor route`, rtnetlink(7)): the ground truth of a switch, from outside the controller.
 * The kernel does not announce IPv4 routes that vanish with their interface.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type LabNode, NFS_IP } from './plan.ts';
import type { TruthEvent } from './truth.ts';

export function watchRoutes(host: LabNode, tell: (event: TruthEvent) => void): ChildProcess {
  const child = spawn('ip', ['-n', host.namespace, '-o', 'monitor', 'route'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // Without the watcher the lab runs on; what is missing is visible in its record.
  child.on('error', (error) =>
    tell({ type: 'process', what: `${host.name} route watch`, state: error.message }),
  );
  createInterface({ input: child.stdout }).on('line', (line) => {
    const change = line.trim();
    const words = change.split(/\s+/);
    const destination = words[0] === 'Deleted' ? words[1] : words[0];
    if (destination === NFS_IP) tell({ type: 'route', host: host.name, change });
  });
  return child;
}
