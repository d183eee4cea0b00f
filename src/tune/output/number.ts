/**
 * Numbers as they are written for people and programs: six significant digits, which is more than
 * any interval here supports, and the same text on every machine.
 */

/** Null stays null: it was not measured. */
export function short(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
