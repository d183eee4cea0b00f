/**
 * Where everything stood at a time of the past, from where it stood before and what was told since.
 * Pure, and the same in the daemon and in a page: a page that scrubs asks nobody.
 */

import type { Base, Entry } from './shapes.ts';

/** The base after one more entry. The same object when nothing of it changed. */
export function folded(base: Base, entry: Entry): Base {
  switch (entry.type) {
    case 'NOTE_TRANSITION':
      return { ...base, regions: { ...base.regions, [entry.region]: entry.to } };
    case 'NOTE_VERDICT':
      return {
        ...base,
        verdicts: { ...base.verdicts, [entry.path]: entry.to as Base['verdicts'][string] },
      };
    case 'NOTE_SWITCH':
      return { ...base, target: entry.to };
    case 'RAISE_ALARM':
      return base.alarms.includes(entry.alarm)
        ? base
        : { ...base, alarms: [...base.alarms, entry.alarm] };
    case 'CLEAR_ALARM':
      return { ...base, alarms: base.alarms.filter((name) => name !== entry.alarm) };
    default:
      return base;
  }
}

export const foldAll = (base: Base, entries: Iterable<Entry>): Base => {
  let at = base;
  for (const entry of entries) at = folded(at, entry);
  return at;
};
