/**
 * A digest of everything that was said, to compare runs: two lanes of FNV-1a over 32-bit words, 64
 * bits. Takes plain values as they are (keys, kinds, every bit of a number), which is quicker than
 * writing them down first and as exact. Not for security, and not for telling apart what somebody
 * means to confuse.
 */

export interface Digest {
  /** Plain data: what JSON can say. */
  add(value: unknown): void;
  /** 16 hex digits. */
  hex(): string;
}

/** What a value begins with, so that `[1]` and `1` differ. */
const KIND = { null: 1, boolean: 2, number: 3, string: 4, array: 5, object: 6, end: 7 } as const;

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

export function createDigest(): Digest {
  let a = 0x811c9dc5 | 0;
  let b = 0x9747b28c | 0;

  function word(n: number): void {
    a = Math.imul(a ^ n, 0x01000193);
    b = Math.imul(b ^ n, 0x01000193) ^ (b >>> 15);
  }

  function text(s: string): void {
    word(s.length);
    for (let i = 0; i < s.length; i += 1) word(s.charCodeAt(i));
  }

  function add(value: unknown): void {
    if (typeof value === 'string') {
      word(KIND.string);
      text(value);
    } else if (typeof value === 'number') {
      word(KIND.number);
      number[0] = value;
      word(words[0] ?? 0);
      word(words[1] ?? 0);
    } else if (typeof value === 'boolean') word(KIND.boolean + (value ? 0x100 : 0));
    else if (value === null || value === undefined) word(KIND.null);
    else if (Array.isArray(value)) {
      word(KIND.array);
      for (const item of value) add(item);
      word(KIND.end);
    } else {
      const fields = value as Readonly<Record<string, unknown>>;
      word(KIND.object);
      for (const key in fields) {
        text(key);
        add(fields[key]);
      }
      word(KIND.end);
    }
  }

  return { add, hex: () => [a, b].map((n) => (n >>> 0).toString(16).padStart(8, '0')).join('') };
}

/** One digest of several, in their order; of one it is that one. */
export function digestOf(digests: readonly string[]): string {
  const [only, ...more] = digests;
  if (only !== undefined && more.length === 0) return only;
  const all = createDigest();
  for (const hex of digests) all.add(hex);
  return all.hex();
}
