/** The name of an experiment: 16 hex digits of SHA-256 over everything its results follow from. */

import { createHash } from 'node:crypto';
import type { Experiment } from './experiment.ts';

/** The title, the weights and the prices are no part of it: they change no row. */
export function digestOf(e: Experiment): string {
  const { title, prices, mixes, ...rest } = e;
  // With halving, cost decides who goes on.
  const isHalving = e.search.method === 'halving';
  const matters = isHalving
    ? { ...rest, mixes, prices }
    : { ...rest, mixes: mixes.map(({ name, spanMs }) => ({ name, spanMs })) };
  return createHash('sha256').update(canonical(matters)).digest('hex').slice(0, 16);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join()}}`;
}
