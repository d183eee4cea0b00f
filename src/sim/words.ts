/**
 * Reading the words of a dialogue line. Unknown words are errors that say what to write instead;
 * nothing is guessed.
 */

import { alike, type Settings } from '../machines/settings.ts';

/** `250ms`, `20s`, `3m`, `2h` in ms. */
export function durationMs(text = ''): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) throw new Error(`"${text}" is no duration: write 250ms, 20s, 3m or 2h`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h'];
  return Number(match[1]) * unit;
}

/** The inverse, in s or ms. */
export function writtenMs(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

export function numberOf(text: string | undefined, least: number, most: number): number {
  const n = text === undefined || text === '' ? Number.NaN : Number(text);
  if (n >= least && n <= most) return n;
  throw new Error(`"${text ?? ''}" is not a number from ${least} to ${most}`);
}

export function pick<T extends string>(word: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === word);
  if (!found) throw new Error(`"${word ?? ''}" is not one of ${allowed.join(', ')}`);
  return found;
}

export const isOn = (word: string | undefined): boolean => pick(word, ['on', 'off']) === 'on';

/** `timers.back_to_normal 20s`: the settings with one number changed. */
export function withSetting(s: Settings, key = '', value = ''): Settings {
  const [group = '', name = ''] = key.split('.');
  const camel = name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  const groups = s as unknown as Record<string, Record<string, unknown>>;
  const old = groups[group];
  const field = [camel, `${camel}Ms`, `${camel}Count`].find((f) => old && f in old);
  if (!old || !field || Array.isArray(old)) throw new Error(`no setting is called ${key}`);
  return alike({ ...s, [group]: { ...old, [field]: readValue(old[field], field, value) } });
}

function readValue(old: unknown, field: string, text: string): unknown {
  if (typeof old === 'boolean') return isOn(text);
  return field.endsWith('Ms') ? durationMs(text) : numberOf(text, 0, 1e6);
}
