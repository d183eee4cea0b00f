/**
 * Asks from inside a namespace, in one short process: `write ADDRESS…` sends one NFS WRITE to each
 * address, `http METHOD URL [BODY]` makes one request. Prints one JSON line per answer.
 */

import { connect } from 'node:net';

const [verb, ...args] = process.argv.slice(2);
const print = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

function write(address) {
  const record = Buffer.alloc(40);
  for (const [i, word] of [7, 0, 2, 100003, 3, 7].entries()) record.writeUInt32BE(word, i * 4);
  const header = Buffer.alloc(4);
  header.writeUInt32BE((0x80000000 | record.length) >>> 0);
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 2049 });
    socket.setTimeout(1500, () => socket.destroy(new Error('silent')));
    socket.once('connect', () => socket.write(Buffer.concat([header, record])));
    socket.once('data', (reply) => {
      const server = reply.subarray(32, 32 + reply.readUInt32BE(28)).toString();
      resolve({ address, server, source: socket.localAddress });
      socket.destroy();
    });
    socket.once('error', (error) => resolve({ address, error: error.code ?? error.message }));
    socket.once('close', () => resolve({ address, error: 'closed' }));
  });
}

if (verb === 'write') {
  // One after the other: a login at one SCVM revokes the same client's login at the others.
  for (const address of args) print(await write(address));
} else {
  const [method, url, body] = args;
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(1500),
    });
    print({ status: response.status, text: await response.text() });
  } catch (error) {
    print({ error: error.cause?.code ?? error.name });
  }
}
