/**
 * What a failed connection proves, by its error code: the far end said no, nobody answered, or we
 * could not ask. Only the errno is looked at; what follows from it is decided elsewhere. A code
 * that is not listed proves nothing: could not ask is never a no.
 */

export type Proof = 'refused' | 'silent' | 'unasked';

/** The far end's kernel answered with RST (RFC 9293 section 3.5.2), or its process closed. */
const REFUSED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ECONNABORTED: 'connection aborted',
  EPIPE: 'connection closed by the far end',
};

/**
 * No answer from the world. EHOSTUNREACH belongs here although it arises in this host's kernel:
 * it is what a next hop that answers no ARP request looks like, which is news about that next hop.
 */
const SILENT = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN']);

export function proofOf(code: string): Proof {
  if (Object.hasOwn(REFUSED, code)) return 'refused';
  return SILENT.has(code) ? 'silent' : 'unasked';
}

/** One short line for a fact. */
export function textOf(code: string): string {
  const text = REFUSED[code];
  return text === undefined ? `could not connect (${code})` : `${text} (${code})`;
}

/** The code of a socket error; its message, cut, where it has none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string'
    ? error.code
    : error.message.slice(0, 100);
}
