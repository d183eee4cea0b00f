/**
 * "Did you mean": the known word nearest to a misspelt one. Spelling conventions (case, hyphens)
 * do not count as distance, so `backToNormal` finds `back_to_normal`.
 */

/** Longer words are not compared: the cost grows with the square of the length. */
const COMPARED_MAX = 64;

/** The nearest of `words` within a third of its length, at most 3 edits; null if none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  if (word.length > COMPARED_MAX) return null;
  const plain = plainForm(word);
  let best: string | null = null;
  let bestEdits = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const other = plainForm(candidate);
    const limit = Math.min(3, Math.floor(Math.max(plain.length, other.length) / 3));
    const edits =
      Math.abs(plain.length - other.length) > limit ? limit + 1 : distance(plain, other);
    if (edits <= limit && edits < bestEdits) [best, bestEdits] = [candidate, edits];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function distance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      const above = at(row, j) + 1;
      let edits = Math.min(above, at(next, j - 1) + 1, at(row, j - 1) + cost);
      const swapped =
        i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) edits = Math.min(edits, at(before, j - 2) + 1);
      next.push(edits);
    }
    [before, row] = [row, next];
  }
  return at(row, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

function plainForm(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}
