/**
 * Timed fault scripts: `at 5s power-off scvm1` lines, `#` comments, one `end 60s`. Parsing is pure
 * and reports every error with its line; playing sleeps and asks the lab, decides nothing.
 */

import type { Fault } from './fault.ts';
import { faultText } from './fault.ts';
import { parseDuration, parseFault } from './fault-text.ts';

export interface ScriptStep {
  readonly line: number;
  readonly atMs: number;
  readonly fault: Fault;
}

export interface Script {
  /** In order of time; equal times in order of line. */
  readonly steps: readonly ScriptStep[];
  readonly endMs: number;
}

export interface ScriptError {
  readonly line: number;
  readonly error: string;
}

export type ScriptResult =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly errors: readonly ScriptError[] };

/** Names that a script may use; a name outside them is an error of its line. */
export interface KnownNames {
  readonly hosts: readonly string[];
  readonly scvms: readonly string[];
}

function unknownName(fault: Fault, names: KnownNames): string | null {
  const check = (name: string, known: readonly string[]) =>
    known.includes(name) ? null : `unknown name "${name}"; one of ${known.join(', ')}`;
  if ('scvm' in fault) return check(fault.scvm, names.scvms);
  if ('host' in fault) return check(fault.host, names.hosts);
  if ('node' in fault) return check(fault.node, [...names.hosts, ...names.scvms]);
  return null;
}

/** Without `names`, names are left unchecked. Without an `end` line: 10 s after the last step. */
export function parseScript(text: string, names?: KnownNames): ScriptResult {
  const steps: ScriptStep[] = [];
  const errors: ScriptError[] = [];
  let end: { line: number; atMs: number } | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const words = raw.replace(/#.*$/, '').trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const fail = (error: string) => errors.push({ line, error });
    const [verb, time = ''] = words;
    const atMs = parseDuration(time);
    if (verb !== 'at' && verb !== 'end') {
      fail(`"${verb}" begins no line; write: at DURATION FAULT, or: end DURATION`);
    } else if (atMs === null) {
      fail(`"${time}" is no duration; write for example 5s, 250ms, 2m`);
    } else if (verb === 'end') {
      if (words.length > 2) fail('nothing may follow the duration of end');
      else if (end !== null) fail(`end is given twice, first in line ${end.line}`);
      else end = { line, atMs };
    } else {
      const parsed = parseFault(words.slice(2).join(' '));
      const error = parsed.ok
        ? names === undefined
          ? null
          : unknownName(parsed.value, names)
        : parsed.error;
      if (error !== null) fail(error);
      else if (parsed.ok) steps.push({ line, atMs, fault: parsed.value });
    }
  }
  steps.sort((a, b) => a.atMs - b.atMs || a.line - b.line);
  const lastMs = steps.at(-1)?.atMs ?? 0;
  if (end !== null && end.atMs < lastMs) {
    errors.push({
      line: end.line,
      error: `end ${end.atMs} ms is before the last step, ${lastMs} ms`,
    });
  }
  errors.sort((a, b) => a.line - b.line);
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, script: { steps, endMs: end?.atMs ?? lastMs + 10_000 } };
}

/** Prints one line of the timeline: ms since the script began, and what happened. */
export type PrintLine = (tMs: number, what: string) => void;

export interface Player {
  fault(fault: Fault): Promise<string>;
}

/**
 * Carries out every step at its time and resolves at the script's end, or early when `signal`
 * aborts. A fault that cannot be carried out is printed and the script goes on.
 */
export async function playScript(
  lab: Player,
  script: Script,
  print: PrintLine,
  signal?: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  const sinceMs = () => performance.now() - startMs;
  const until = (atMs: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, atMs - sinceMs()));
      signal?.addEventListener('abort', done);
      if (signal?.aborted) done();
    });
  for (const step of script.steps) {
    await until(step.atMs);
    if (signal?.aborted) return;
    const did = await lab.fault(step.fault).catch((error: unknown) => `FAILED: ${error}`);
    print(sinceMs(), `${faultText(step.fault)}: ${did}`);
  }
  await until(script.endMs);
}
