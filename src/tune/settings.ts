/**
 * From a subject's values to the numbers the chart decides with, through the configuration's own
 * reader: a setting that a host would refuse cannot be measured. For whole grids there is a quick
 * check of the combinations alone.
 */

import { parseConfig } from '../config/parse.ts';
import { isNote } from '../config/problems.ts';
import { defaultsOf } from '../config/profiles.ts';
import { configSchema, type Draft } from '../config/schema.ts';
import { checkNumbers } from '../config/timing.ts';
import type { Settings } from '../machines/settings.ts';
import type { Experiment, Values } from './experiment.ts';
import { type Finding, finding } from './finding.ts';
import { amountOf } from './keys.ts';
import { spaceOf } from './space.ts';

/** Stand-ins: the simulator lays its own SCVMs and hosts over them. */
const SCVMS = [
  { name: 'scvm1', local: true, data_ip: '10.10.85.91', manage_ip: '192.168.85.91' },
  { name: 'scvm2', data_ip: '10.10.85.92', manage_ip: '192.168.85.92' },
];

const SHOWN_MAX = 5;
/** Beyond this many settings, a refused one is found when it is reached. */
const CHECKED_MAX = 1_000_000;

/** Throws on values that the configuration refuses: `parseExperiment` has checked them. */
export function settingsOf(e: Experiment, values: Values): Settings {
  const sections = sectionsOf({ ...e.fixed, ...values });
  const text = JSON.stringify({ host_id: 'host1', profile: e.profile, scvms: SCVMS, ...sections });
  const parsed = parseConfig(text);
  if (parsed.ok) return parsed.config.settings;
  throw new Error(parsed.problems.map((p) => `${p.place} ${p.says}`).join('; '));
}

/** `{ 'timers.dwell': '3s' }` as `{ timers: { dwell: '3s' } }`. */
function sectionsOf(values: Readonly<Record<string, unknown>>): Record<string, object> {
  const sections: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(values)) {
    const [section = '', name = ''] = key.split('.');
    sections[section] = { ...sections[section], [name]: value };
  }
  return sections;
}

/** Combinations that the configuration would refuse; the first of them, with how many there are. */
export function checkSettings(e: Experiment): Finding[] {
  const space = spaceOf(e);
  const base = draftOf(e);
  const refused = new Map<string, { count: number; remedy: string; key: string }>();
  const end = Math.min(space.count, CHECKED_MAX);
  for (let at = 0; at < end; at += 1) {
    const { values } = space.subject(at);
    for (const { code, says, remedy, at: places } of checkNumbers(withAmounts(base, values))) {
      if (isNote({ code, place: '', line: 0, column: 0, found: '', says, remedy })) continue;
      const known = refused.get(says);
      if (known) known.count += 1;
      else if (refused.size < SHOWN_MAX) {
        const keys = places.map((place) => place.join('.'));
        const key = keys.find((k) => k in values) ?? keys.find((k) => k in e.fixed) ?? '';
        refused.set(says, { count: 1, remedy, key });
      }
    }
  }
  return [...refused].map(([says, { count, remedy, key }]) => {
    const where = key in e.fixed ? ['fixed', key] : ['ranges', key];
    const which = `in ${count} of ${end} settings ${says}`;
    return finding('TUNE_SETTING', where, which, remedy, 'head');
  });
}

function draftOf(e: Experiment): Draft {
  const raw = configSchema.parse({ ...defaultsOf(e.profile), host_id: 'host1', scvms: SCVMS });
  return withAmounts(raw, e.fixed);
}

function withAmounts(draft: Draft, values: Values): Draft {
  const sections: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of Object.entries(values)) {
    const [section = '', name = ''] = key.split('.');
    const own = sections[section] ?? { ...(draft as Record<string, object>)[section] };
    own[name] = typeof value === 'boolean' ? value : knownAmount(key, value);
    sections[section] = own;
  }
  return { ...draft, ...sections };
}

/** Grids write the same few values again and again. */
const amounts = new Map<string, number>();
const AMOUNTS_MAX = 100_000;

function knownAmount(key: string, value: string | number): number {
  const id = `${key} ${value}`;
  const found = amounts.get(id) ?? amountOf(key, value);
  if (amounts.size > AMOUNTS_MAX) amounts.clear();
  amounts.set(id, found);
  return found;
}
