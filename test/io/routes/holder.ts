/**
 * A process that holds an open route hand until it is killed, for the test that its helpers die
 * with it. Argument: the `ip` to use.
 */

import { createLinuxRoutes } from '../../../src/io/routes/linux.ts';

createLinuxRoutes({
  nfsIp: '192.168.33.2',
  commandDeadlineMs: 2000,
  report: (fact) => process.stdout.write(`${fact.type}\n`),
  clock: { nowMs: () => performance.now() },
  ipFile: process.argv[2] ?? '',
});
