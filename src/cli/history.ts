/**
 * The history as text. For a reader at a terminal: grouped by day, a headline and its reason below
 * it, wrapped to the width. For a pipe: one whole line per entry, as the log has them.
 */

import { stripVTControlCharacters } from 'node:util';
import { lineOf } from '../machines/lines.ts';
import type { Told } from '../web/shapes.ts';
import { type ToldText, toldText } from '../web/told-text.ts';
import { clockTime } from './format.ts';
import { colours as c } from './output.ts';

export type HistoryAnswer = readonly (Told & { readonly wallMs: number })[];

/** `columns` null: for a pipe. */
export function formatHistory(entries: HistoryAnswer, columns: number | null): string[] {
  if (columns === null) return entries.map((e) => `${clockTime(e.wallMs)}  ${lineOf(e)}`);
  if (entries.length === 0) return ['nothing happened yet'];
  let day = '';
  return entries.flatMap((entry) => {
    const [date = '', time = ''] = clockTime(entry.wallMs).split(' ');
    const heading = date === day ? [] : [...(day === '' ? [] : ['']), c.bold(date)];
    day = date;
    return [...heading, ...entryLines(entry, time, columns)];
  });
}

const KINDS: Readonly<Record<ToldText['kind'], string>> = {
  state: 'state',
  switch: 'SWITCH',
  'would switch': 'would',
  verdict: 'verdict',
  alarm: 'ALARM',
  'alarm over': 'alarm',
};
const INDENT = ' '.repeat(2 + 12 + 2 + 7 + 2);
/** Narrower than this a hanging indent would leave nothing to read. */
const LEAST_TEXT = 30;

function entryLines(entry: Told, time: string, columns: number): string[] {
  const { kind, head, reason } = toldText(entry);
  const paint = colourOf(entry);
  const first = `  ${c.dim(time)}  ${paint(KINDS[kind].padEnd(7))}  ${isQuiet(entry) ? head : c.bold(head)}`;
  const room = Math.max(LEAST_TEXT, columns - INDENT.length);
  return [first, ...wrapped(reason, room).map((line) => `${INDENT}${c.dim(line)}`)];
}

const isQuiet = (entry: Told): boolean =>
  entry.type === 'NOTE_VERDICT' ||
  entry.type === 'CLEAR_ALARM' ||
  (entry.type === 'NOTE_TRANSITION' && entry.region !== 'access');

const STATES: Readonly<Record<string, (text: string) => string>> = {
  Normal: c.green,
  Degraded: c.yellow,
  Rerouted: c.red,
  BackToNormal: c.cyan,
};
const VERDICTS: Readonly<Record<string, (text: string) => string>> = {
  up: c.green,
  suspect: c.yellow,
  down: c.red,
};

function colourOf(entry: Told): (text: string) => string {
  switch (entry.type) {
    case 'NOTE_TRANSITION':
      return (entry.region === 'access' && STATES[entry.to.replace(/\..*$/, '')]) || c.dim;
    case 'NOTE_VERDICT':
      return VERDICTS[entry.to] ?? c.dim;
    case 'RAISE_ALARM':
      return c.red;
    case 'CLEAR_ALARM':
      return c.green;
    default:
      return c.cyan;
  }
}

/** Broken at spaces; a longer word stands alone. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of stripVTControlCharacters(text).split(' ').filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
