/**
 * What happened, newest first, up to the moment that is shown: transitions, switches with their
 * reasons, verdicts, alarms. An entry takes the page to its moment.
 */

import { lineOf } from '../../../machines/lines.ts';
import type { Entry } from '../../shapes.ts';
import { toldText } from '../../told-text.ts';
import { byId, h, icon, keyed, setAttribute, setHidden } from './dom.ts';
import type { Tape } from './tape.ts';
import { dayOf, exactTime } from './words.ts';

export interface StoryCard {
  /** Entries up to `wallMs`. */
  show(wallMs: number): void;
}

type Row = { readonly key: string; readonly day: string; readonly entry: Entry | null };

const PAGE = 12;

/** What one looks for first; the rest explains it. */
export function isMain(entry: Entry): boolean {
  switch (entry.type) {
    case 'NOTE_TRANSITION':
      return entry.region === 'access' || entry.region === 'steering';
    case 'NOTE_VERDICT':
      return false;
    default:
      return true;
  }
}

export function createStory(tape: Tape, goTo: (wallMs: number) => void): StoryCard {
  const more = byId<HTMLButtonElement>('story-more');
  const kinds = [...document.querySelectorAll<HTMLButtonElement>('[data-kind]')];
  let wants: (entry: Entry) => boolean = isMain;
  let count = PAGE;
  let atMs = 0;
  const show = (entry: Entry): void => goTo(tape.justAfter(entry));
  const list = keyed<Row>(
    byId<HTMLOListElement>('story'),
    (row) => row.key,
    ({ day, entry }) => (entry ? makeEntry(entry, show) : h('li', 'day', day)),
  );

  function draw(): void {
    const entries = tape.before(atMs, count + 1, wants);
    setHidden(more, entries.length <= count);
    list(withDays(entries.slice(0, count)), () => undefined);
  }

  more.addEventListener('click', () => {
    count += 4 * PAGE;
    draw();
  });
  for (const button of kinds) {
    button.addEventListener('click', () => {
      wants = button.dataset.kind === 'all' ? () => true : isMain;
      for (const one of kinds) setAttribute(one, 'aria-pressed', String(one === button));
      count = PAGE;
      draw();
    });
  }
  return {
    show(wallMs) {
      atMs = wallMs;
      draw();
    },
  };
}

/** A line with the day before the first entry of each. */
function withDays(entries: readonly Entry[]): Row[] {
  const rows: Row[] = [];
  const met = new Map<string, number>();
  let day = '';
  for (const entry of entries) {
    const own = dayOf(entry.wallMs);
    if (own !== day) rows.push({ key: `day ${own}`, day: own, entry: null });
    day = own;
    const text = `${entry.atMs} ${lineOf(entry)}`;
    const again = met.get(text) ?? 0;
    met.set(text, again + 1);
    rows.push({ key: `${text} ${again}`, day, entry });
  }
  return rows;
}

const SIGNS: Readonly<Record<Entry['type'], string>> = {
  NOTE_TRANSITION: 'dot',
  NOTE_SWITCH: 'move',
  NOTE_WOULD_SWITCH: 'move',
  NOTE_VERDICT: 'unknown',
  RAISE_ALARM: 'alarm',
  CLEAR_ALARM: 'open',
};

function makeEntry(entry: Entry, show: (entry: Entry) => void): HTMLLIElement {
  const sign = entry.type === 'NOTE_VERDICT' ? entry.to : SIGNS[entry.type];
  const time = h('button', 'digits', exactTime(entry.wallMs));
  time.type = 'button';
  time.title = 'Show this moment';
  time.addEventListener('click', () => show(entry));
  const { head, reason } = toldText(entry);
  const text = h('div', '', h('b', '', head), reason ? h('span', '', reason) : null);
  const made = h('li', `t-${entry.type}`, time, icon(sign), text);
  if (entry.type === 'NOTE_TRANSITION' && entry.region === 'access') {
    made.dataset.state = entry.to.replace(/\..*$/, '');
  }
  return made;
}
