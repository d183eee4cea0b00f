/** Times, states and steps as the page writes them. */

import type { Order } from '../../../machines/orders.ts';
import type { Step, StepLine } from './recording.ts';

/** The four states that an operator knows by name, and `Off`: no daemon runs. */
export type Top = 'Normal' | 'Degraded' | 'Rerouted' | 'BackToNormal' | 'Off';

/** `Degraded.Doubting` -> `Degraded`. */
export const topOf = (state: string): Top => (state.split('.')[0] ?? 'Off') as Top;

/** 70850 -> `1:10.850`. */
export function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms - minutes * 60_000) / 1000;
  return `${minutes}:${seconds.toFixed(3).padStart(6, '0')}`;
}

/** 172300 -> `172.3 s`, 850 -> `850 ms`, 3600000 -> `60 min`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 600_000) return `${(ms / 1000).toFixed(ms < 100_000 ? 1 : 0)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** What matters most comes first. */
const RANK: readonly Order['type'][] = [
  'NOTE_SWITCH',
  'NOTE_TRANSITION',
  'SET_ROUTE',
  'RAISE_ALARM',
  'CLEAR_ALARM',
  'NOTE_VERDICT',
  'NOTE_WOULD_SWITCH',
  'REFRESH_RECORD',
  'BREAK_CONNECTIONS',
];

function rankOf({ order }: StepLine): number {
  const rank = RANK.indexOf(order.type);
  const aside = order.type === 'NOTE_TRANSITION' && order.region !== 'access';
  return aside ? RANK.length : rank;
}

/** A step's most telling line, without its reason. */
export function headline(step: Step): string {
  if (step.cue !== null) return step.cue;
  const [first] = [...step.lines].sort((a, b) => rankOf(a) - rankOf(b));
  return first ? briefly(first) : '';
}

function briefly({ order, text }: StepLine): string {
  switch (order.type) {
    case 'NOTE_TRANSITION':
      return `${order.region}: ${order.from} \u2192 ${order.to}`;
    case 'NOTE_VERDICT':
      return `${order.path}: ${order.from} \u2192 ${order.to}`;
    case 'NOTE_SWITCH':
      return `switched: ${order.from ?? 'none'} \u2192 ${order.to} (${order.kind})`;
    case 'NOTE_WOULD_SWITCH':
      return `would switch to ${order.to} (${order.kind})`;
    case 'RAISE_ALARM':
      return `alarm ${order.alarm}`;
    default:
      return text;
  }
}

/** What a step is, for its mark in the list. */
export type StepKind = 'click' | 'switch' | 'state' | 'alarm' | 'verdict' | 'other';

export function kindOf(step: Step): StepKind {
  if (step.cue !== null) return 'click';
  const types = step.lines.map((l) => l.order);
  if (types.some((o) => o.type === 'NOTE_SWITCH')) return 'switch';
  if (types.some((o) => o.type === 'NOTE_TRANSITION' && o.region === 'access')) return 'state';
  if (types.some((o) => o.type === 'RAISE_ALARM' || o.type === 'CLEAR_ALARM')) return 'alarm';
  return types.some((o) => o.type === 'NOTE_VERDICT') ? 'verdict' : 'other';
}
