/**
 * A script as the fragment of a link, and back. It can be read and edited by hand:
 * `#v=1&set=timers.back_to_normal+20s&do=10000+power+scvm1+off&at=15000&until=60000`. What comes
 * from a link is not believed before it has passed the schema, and its size is bounded.
 */

import * as z from 'zod/mini';
import { sayable } from './faults.ts';
import { knobProblem, knobs } from './knobs.ts';
import { type Cue, LAST_MS, MOST_CUES, type Script } from './script.ts';

/** Longer fragments are not even looked at. 200 clicks take about 8 kB. */
export const MOST_CHARS = 16_000;

export interface Linked {
  readonly script: Script;
  /** Where the reader stands, ms. */
  readonly atMs: number;
  /** Position of the step that he looks at; null: the last one before. */
  readonly step: number | null;
}

export type ReadLink =
  | { readonly ok: true; readonly linked: Linked }
  | { readonly ok: false; readonly problem: string };

export function linkOf({ script, atMs, step }: Linked): string {
  const params = new URLSearchParams({ v: '1' });
  for (const [key, value] of Object.entries(script.sets)) params.append('set', `${key} ${value}`);
  for (const cue of script.cues) params.append('do', `${cue.atMs} ${cue.line}`);
  params.append('at', String(Math.round(atMs)));
  if (step !== null) params.append('step', String(step));
  params.append('until', String(Math.round(script.untilMs)));
  return `#${params}`;
}

const time = z.coerce
  .number()
  .check(
    z.int({ error: 'is no whole number of ms' }),
    z.gte(0, { error: 'lies before the beginning' }),
    z.lte(LAST_MS, { error: `lies beyond ${LAST_MS} ms` }),
  );

const cue = z.pipe(
  z.string().check(z.regex(/^\d+ .+$/, { error: 'is not a time and a line' })),
  z.transform((text): Cue => {
    const space = text.indexOf(' ');
    return { atMs: Number(text.slice(0, space)), line: text.slice(space + 1) };
  }),
);

const cues = z.array(cue).check(
  z.maxLength(MOST_CUES, { error: `are more than ${MOST_CUES} clicks` }),
  z.superRefine((list, issues) => {
    list.forEach(({ atMs, line }, i) => {
      const say = (message: string) =>
        issues.addIssue({ code: 'custom', message, path: [i], input: line });
      if (!sayable.has(line)) say(`"${line}" is nothing that can be clicked here`);
      if (atMs > LAST_MS) say(`${atMs} ms lies beyond ${LAST_MS} ms`);
      if (atMs < (list[i - 1]?.atMs ?? 0)) say('the times run backwards');
    });
  }),
);

const sets = z.array(z.string()).check(
  z.maxLength(knobs.length, { error: 'are more than there are sliders' }),
  z.superRefine((list, issues) => {
    for (const text of list) {
      const [key = '', value = ''] = text.split(' ');
      const knob = knobs.find((k) => k.key === key);
      const problem = knob ? knobProblem(knob, value) : `no slider is called ${key}`;
      if (problem) issues.addIssue({ code: 'custom', message: problem, path: [], input: text });
    }
  }),
);

const schema = z.strictObject({
  v: z.literal('1', { error: 'is of another version than 1' }),
  set: sets,
  do: cues,
  at: time,
  step: z.optional(time),
  until: time,
});

/** Null: the link carries nothing. */
export function readLink(fragment: string): ReadLink | null {
  const text = fragment.replace(/^#/, '');
  if (text === '') return null;
  if (text.length > MOST_CHARS) {
    return refused(`it is ${text.length} characters long, ${MOST_CHARS} are the most`);
  }
  const parsed = schema.safeParse(fieldsOf(text));
  if (!parsed.success) return refused(sentence(parsed.error.issues[0]));
  const { set, do: done, at, step, until } = parsed.data;
  const pairs = set.map((s): [string, string] => {
    const [key = '', value = ''] = s.split(' ');
    return [key, value];
  });
  const lastMs = Math.max(until, at, done.at(-1)?.atMs ?? 0);
  const script = { sets: Object.fromEntries(pairs), cues: done, untilMs: lastMs };
  return { ok: true, linked: { script, atMs: at, step: step ?? null } };
}

const LISTS = ['set', 'do'];

/** Names that come again become lists; `at` and `until` may be left out. */
function fieldsOf(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text);
  const fields: Record<string, string | string[]> = { set: [], do: [], at: '0', until: '0' };
  for (const key of new Set(params.keys())) {
    const all = params.getAll(key);
    fields[key] = LISTS.includes(key) || all.length > 1 ? all : (all[0] ?? '');
  }
  return fields;
}

const refused = (problem: string): ReadLink => ({ ok: false, problem });

function sentence(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'it is not one of this page';
  if (issue.code === 'unrecognized_keys') {
    return `it has a part "${issue.keys[0]}" that this page does not know`;
  }
  const [part, at] = issue.path;
  const place =
    typeof at === 'number' ? `part "${String(part)}" number ${at + 1}` : `part "${String(part)}"`;
  return `${place}: ${issue.message}`;
}
