/**
 * What passes through Redis, both ways, and what it may be at most. Nothing that comes out of it
 * is used before it has passed one of these: whoever can reach that Redis can write there.
 */

import { z } from 'zod';
import { type Build, buildSchema, differenceOf } from '../build.ts';
import { BATCH_JOBS_MAX, type Batch } from '../job.ts';

/** Of these letters; another form is another program. */
export const FORM = 1;
export const PREFIX = 'reroute';
export const QUEUE = 'tune';

/** An experiment file is at most that long (src/config/bounds.ts). */
const TEXT_MAX = 1 << 20;
/** A result of 256 rows has about 60 kB. */
export const RESULT_MAX_BYTES = 1 << 20;

const position = z.int().min(0).max(100_000_000);

export const letterSchema = z.strictObject({
  form: z.literal(FORM),
  build: buildSchema,
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  /** The experiment file, as it is: it is parsed and checked again where it arrives. */
  experiment: z.string().max(TEXT_MAX),
  batch: z.strictObject({
    id: z.string().regex(/^\d{1,6}-\d{1,9}$/),
    jobs: z
      .array(z.strictObject({ subject: position, mix: position, replication: position }))
      .min(1)
      .max(BATCH_JOBS_MAX),
  }),
});

export type Letter = z.infer<typeof letterSchema>;

/** The same experiment, program and batch have the same name, on every machine and at any time. */
export const nameOf = (digest: string, build: Build, batch: Batch): string =>
  `${digest}-${build.code}-${batch.id}`;

const stampSchema = z.looseObject({ form: z.unknown(), build: z.unknown() });

export type Opened =
  | { readonly ok: true; readonly letter: Letter }
  /** `foreign`: of another program, which must not be mixed with this one. */
  | { readonly ok: false; readonly foreign: boolean; readonly says: string };

export function openLetter(content: unknown, mine: Build): Opened {
  const stamp = stampSchema.safeParse(content);
  if (!stamp.success) return { ok: false, foreign: false, says: 'is no letter of reroute tune' };
  if (stamp.data.form !== FORM) {
    const says = `the coordinator writes form ${String(stamp.data.form).slice(0, 20)}, this worker reads form ${FORM}`;
    return { ok: false, foreign: true, says };
  }
  const build = buildSchema.safeParse(stamp.data.build);
  const difference = build.success ? differenceOf(mine, build.data) : 'an unknown build';
  if (difference !== null) {
    return { ok: false, foreign: true, says: `the coordinator has ${difference} of this worker` };
  }
  const letter = letterSchema.safeParse(content);
  if (letter.success) return { ok: true, letter: letter.data };
  return { ok: false, foreign: false, says: z.prettifyError(letter.error).slice(0, 500) };
}
