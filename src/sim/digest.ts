/**
 * A digest of everything that was said, to compare runs: two lanes of FNV-1a, 64 bits. Not for
 * security, and not for telling apart what somebody means to confuse.
 */

export interface Digest {
  add(text: string): void;
  /** 16 hex digits. */
  hex(): string;
}

export function createDigest(): Digest {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  return {
    add(text) {
      for (let i = 0; i < text.length; i += 1) {
        const c = text.charCodeAt(i);
        a = Math.imul(a ^ c, 0x01000193);
        b = Math.imul(b ^ c, 0x01000193) ^ (b >>> 15);
      }
      a = Math.imul(a ^ 0x0a, 0x01000193);
    },
    hex: () => [a, b].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

/** One digest of several, in their order; of one it is that one. */
export function digestOf(digests: readonly string[]): string {
  const [only, ...more] = digests;
  if (only !== undefined && more.length === 0) return only;
  const all = createDigest();
  for (const hex of digests) all.add(hex);
  return all.hex();
}
