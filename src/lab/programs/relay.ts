/**
 * The inner end of a console's relay, in a host's namespace: a Unix socket, which namespaces of the
 * network do not keep apart, leads to a port of that host's loopback.
 */

import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { joined } from '../relay.ts';

const [socket = '', port = ''] = process.argv.slice(2);

// A lab of this name that was here before, and whose children are killed, left its own.
rmSync(socket, { force: true });

createServer((from) => joined(from, connect(Number(port), '127.0.0.1'))).listen(socket);
