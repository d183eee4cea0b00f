/**
 * `npm start`: makes the clone ready and shows the daemon of one host on a real cluster in network
 * namespaces, through a short fault story.
 */

import { join } from 'node:path';
import { build, installPackages, installTools, root } from './ready.mjs';

installPackages();
installTools();
build();
process.argv = [
  process.execPath,
  join(root, 'bin', 'reroute'),
  'lab',
  'story',
  '--name',
  `story${process.pid}`,
];
await import(join(root, 'bin', 'reroute'));
