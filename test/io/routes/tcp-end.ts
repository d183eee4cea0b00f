/**
 * One end of the TCP connections that sockets.test.ts breaks; runs inside its namespace and prints
 * a line per step. `serve` answers on the NFS address. `connect` makes three connections, has the
 * server's side silenced, leaves two with unanswered data, closes one (FIN-WAIT-1) and begins one.
 */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

const HOST = '192.168.33.2';
const say = (line: string) => process.stdout.write(`${line}\n`);

if (process.argv[2] === 'serve') {
  createServer((socket) => socket.on('error', () => undefined)).listen(2049, HOST, () => {
    say('serving');
  });
} else {
  const sockets: Socket[] = [];
  for (let at = 0; at < 3; at += 1) {
    const socket = connect({ host: HOST, port: 2049, localAddress: '10.10.85.11' });
    await once(socket, 'connect');
    socket.on('error', (cause) => say(cause.message));
    sockets.push(socket);
  }
  say('connected');
  const nft = (rule: string) => execFileSync('/usr/sbin/nft', rule.split(' '));
  nft('add table ip silence');
  nft('add chain ip silence input { type filter hook input priority 0 ; }');
  nft('add rule ip silence input tcp dport 2049 drop');
  for (const socket of sockets) socket.write('unanswered');
  sockets[2]?.destroy();
  connect({ host: HOST, port: 2049 }).on('error', () => undefined);
  setImmediate(() => setImmediate(() => say('stale')));
}
