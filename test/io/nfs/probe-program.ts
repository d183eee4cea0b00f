/**
 * The service probe as a program, to be run inside a network namespace by a test. Arguments: port,
 * interval in ms, addresses. Each address is its own path name; facts go to stdout, one JSON a line.
 */

import { createServiceProbe } from '../../../src/io/nfs/service.ts';
import { clock } from './fact-log.ts';

const [port, intervalMs, ...ips] = process.argv.slice(2);
createServiceProbe({
  targets: ips.map((ip) => ({ path: ip, ip })),
  port: Number(port),
  intervalMs: Number(intervalMs),
  report: (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`),
  clock,
});
