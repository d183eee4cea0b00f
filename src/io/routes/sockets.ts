/**
 * Breaks this host's TCP connections to the NFS address (kernel SOCK_DESTROY, through `ss -K`).
 * After a switch their far end is another SCVM that knows nothing of them; one whose last request
 * was acknowledged but never answered would stand half open until the client's RPC timeout.
 *
 * Which: every state but TIME-WAIT and LISTEN, so also FIN-WAIT-1 orphans without a process, and
 * IPv4-mapped IPv6 sockets. TIME-WAIT stays: it carries nothing, and keeps its port from being
 * used again at once (the stall of port 903 began with such a reuse).
 *
 * `ss -K` ends with code 0 when it was refused, and says nothing at all when the kernel lacks
 * INET_DIAG_DESTROY. So it is judged by what still stands afterwards.
 */

import { explainFailure, runCommand } from '../command.ts';

export type Broken =
  | { readonly ok: true; readonly count: number }
  | { readonly ok: false; readonly error: string; readonly supported: boolean };

/** States in which every kernel that can destroy sockets destroys them. */
const DESTROYABLE = new Set([
  'ESTAB',
  'SYN-SENT',
  'FIN-WAIT-1',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
]);

interface Socket {
  readonly state: string;
  readonly ends: string;
}

/**
 * Aborts the connections to `nfsIp`, counts those that are gone. Three commands, each bounded. The
 * first list is taken beside `ss -K`, which must not wait for it: what stands afterwards and was
 * not there before is the client's new connection, and no sign of a kernel that cannot.
 */
export async function breakTcp(ssFile: string, nfsIp: string, deadlineMs: number): Promise<Broken> {
  const list = ['-H', '-t', '-n', 'dst', nfsIp];
  const [before, killed] = await Promise.all([
    runCommand(ssFile, list, { deadlineMs }),
    runCommand(ssFile, ['-K', ...list], { deadlineMs }),
  ]);
  if (!killed.ok) return refuse(`ss -K: ${explainFailure(killed, deadlineMs)}`, killed.stderr);
  const said = killed.stderr.trim().split('\n').join('; ').slice(0, 300);
  if (said !== '') return refuse(`ss -K: ${said}`, said);

  const after = await runCommand(ssFile, list, { deadlineMs });
  if (!after.ok) return refuse(`ss: ${explainFailure(after, deadlineMs)}`, after.stderr);
  const broken = parseSockets(killed.stdout);
  const standing = parseSockets(after.stdout);
  const old = parseSockets(before.stdout);
  if (broken === null || standing === null || old === null) {
    return refuse('ss printed no socket list', '');
  }
  const wasThere = new Set(old.map((s) => s.ends));
  const left = new Set(
    standing.filter((s) => DESTROYABLE.has(s.state) && wasThere.has(s.ends)).map((s) => s.ends),
  );
  const count = broken.filter((socket) => !left.has(socket.ends)).length;
  if (count > 0 || left.size === 0) return { ok: true, count };
  const error = `${left.size} connections stand: this kernel cannot destroy sockets`;
  return { ok: false, error: `${error} (CONFIG_INET_DIAG_DESTROY)`, supported: false };
}

/** An old `ss` without -K, or none, can never do it; anything else may pass. */
function refuse(error: string, said: string): Broken {
  const never = /invalid option|unrecognized option|ENOENT|Operation not supported/.test(said);
  return { ok: false, error, supported: !never };
}

/** `STATE RECVQ SENDQ LOCAL PEER` per line; null if a line is not that. */
function parseSockets(text: string): readonly Socket[] | null {
  const sockets: Socket[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [state = '', , , local, peer] = line.trim().split(/\s+/);
    if (local === undefined || peer === undefined || !/^[A-Z0-9-]+$/.test(state)) return null;
    sockets.push({ state, ends: `${local} ${peer}` });
  }
  return sockets;
}
