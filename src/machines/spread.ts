/**
 * Rendezvous (highest random weight) hashing: every host ranks the SCVMs by a hash of the pair, so
 * that hosts spread evenly, agree with themselves for ever, and only the hosts of a dead SCVM move.
 * Hash: FNV-1a 32 bit over UTF-16 code units, then the murmur3 finaliser, because FNV alone mixes
 * the last characters (the ones in which names differ) badly. Not for security.
 */

/** Weight of the pair, integer 0..2^32-1. */
export function rendezvousWeight(host: string, scvm: string): number {
  let h = 0x811c9dc5;
  const text = `${host}\u0000${scvm}`;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
