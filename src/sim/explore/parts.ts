/**
 * A state in parts. Each part (memory, goal, where the regions stand, ...) is kept once and known by
 * its number, so that a state is a row of small numbers and most edges change few of them. A part
 * that comes back as the very object that was handed out keeps its number without being looked at.
 */

export interface Part<T extends object> {
  readonly name: string;
  at(index: number): T;
  /** The number of what `value` amounts to; `mode` if that depends on something outside of it. */
  indexOf(value: T, mode?: number): number;
  size(): number;
}

export interface PartOf<T> {
  readonly name: string;
  /** What of the value still matters, and times as ages: equal texts are the same part. */
  keyOf(value: T, mode: number): string;
  /** A value with that key, made when it is met first. */
  make(value: T, mode: number): T;
}

export function createPart<T extends object>({ name, keyOf, make }: PartOf<T>): Part<T> {
  const all: T[] = [];
  const byKey = new Map<string, number>();
  const known: WeakMap<T, number>[] = [];

  function look(value: T, mode: number): number {
    const key = keyOf(value, mode);
    const found = byKey.get(key);
    if (found !== undefined) return found;
    const made = make(value, mode);
    const index = all.push(made) - 1;
    byKey.set(key, index);
    return index;
  }

  return {
    name,
    at(index) {
      const found = all[index];
      if (found === undefined) throw new Error(`there is no ${name} ${index}`);
      return found;
    },
    indexOf(value, mode = 0) {
      let cache = known[mode];
      if (!cache) {
        cache = new WeakMap();
        known[mode] = cache;
      }
      const cached = cache.get(value);
      if (cached !== undefined) return cached;
      const index = look(value, mode);
      cache.set(value, index);
      return index;
    },
    size: () => all.length,
  };
}
