/**
 * Reads a fault from its text form. Returns either the fault or what is wrong with the text and
 * how to write it; never throws.
 */

import { FAULT_USAGE, type Fault, type FaultType, REST_MODES, type Where } from './fault.ts';

export type Parsed<T> = { readonly ok: true; readonly value: T } | { ok: false; error: string };

/** The range of a Node timer. */
const MAX_MS = 2_147_483_647;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `250ms`, `1.5s`, `2m`, `1h` to whole ms; null when it is none or beyond a timer's range. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
  if (match === null) return null;
  const ms = Math.round(Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? Number.NaN));
  return ms <= MAX_MS ? ms : null;
}

const NETWORK_WORDS: Readonly<Record<string, Where>> = {
  nfs: 'nfs',
  private: 'nfs',
  storage: 'storage',
  data: 'storage',
  mgmt: 'mgmt',
  management: 'mgmt',
  all: 'all',
};

function isFaultType(word: string): word is FaultType {
  return Object.hasOwn(FAULT_USAGE, word);
}

function numberIn(text: string | undefined, low: number, high: number): number | null {
  if (text === undefined || !/^\d{1,6}(\.\d{1,2})?$/.test(text)) return null;
  const value = Number(text);
  return value >= low && value <= high ? value : null;
}

/** The fault, or null when the words after the type do not fit it. */
function build(type: FaultType, words: readonly string[]): Fault | null {
  const [a, b, c] = words;
  const count = words.length;
  if (type === 'heal') return count === 0 ? { type } : null;
  if (a === undefined) return null;
  switch (type) {
    case 'power-off':
    case 'power-on':
    case 'kill-access':
    case 'start-access':
    case 'freeze-access':
    case 'thaw-access':
      return count === 1 ? { type, scvm: a } : null;
    case 'restart-loop': {
      if (b === 'off' && count === 2) return { type, scvm: a, everyMs: null, downMs: 0 };
      const everyMs = parseDuration(b ?? '');
      const downMs = parseDuration(c ?? '');
      if (everyMs === null || downMs === null || count !== 3 || downMs >= everyMs) return null;
      return { type, scvm: a, everyMs, downMs };
    }
    case 'leader-away': {
      const forMs = parseDuration(a);
      return forMs === null || count !== 1 ? null : { type, forMs };
    }
    case 'rest': {
      const mode = REST_MODES.find((known) => known === b);
      return mode === undefined || count !== 2 ? null : { type, scvm: a, mode };
    }
    case 'delete-route':
      return count === 1 ? { type, host: a } : null;
    case 'foreign-route': {
      if (b === undefined) return null;
      if (count === 2) return { type, host: a, via: b, metric: null };
      const metric = numberIn(words[3], 0, 999_999);
      if (c !== 'metric' || metric === null || count !== 4) return null;
      return { type, host: a, via: b, metric };
    }
    case 'duplicate':
      if (count > 2 || (count === 2 && b !== 'off')) return null;
      return { type, scvm: a, on: count === 1 };
    default:
      return buildOnWire(type, a, words.slice(1));
  }
}

type WireFault = Extract<Fault, { network: Where }>;

function buildOnWire(type: WireFault['type'], node: string, words: readonly string[]) {
  const [word, value] = words;
  const network = Object.hasOwn(NETWORK_WORDS, word ?? '') ? NETWORK_WORDS[word ?? ''] : undefined;
  if (network === undefined || words.length > 2) return null;
  switch (type) {
    case 'link-down':
    case 'link-up':
      return value === undefined ? { type, node, network } : null;
    case 'isolate':
      if (value !== undefined && value !== 'off') return null;
      return { type, node, network, on: value === undefined };
    case 'loss': {
      const percent = numberIn(value?.endsWith('%') ? value.slice(0, -1) : undefined, 0, 100);
      return percent === null ? null : { type, node, network, percent };
    }
    case 'mtu': {
      const bytes = value === 'off' ? 0 : numberIn(value, 68, 65_535);
      return bytes === null ? null : { type, node, network, bytes };
    }
  }
}

/** One fault from one line of words. */
export function parseFault(text: string): Parsed<Fault> {
  const [type = '', ...words] = text.trim().split(/\s+/);
  if (!isFaultType(type)) {
    return {
      ok: false,
      error: `unknown fault "${type}"; one of ${Object.keys(FAULT_USAGE).join(', ')}`,
    };
  }
  const fault = build(type, words);
  if (fault === null) {
    return { ok: false, error: `cannot read "${text.trim()}"; write: ${FAULT_USAGE[type]}` };
  }
  return { ok: true, value: fault };
}
