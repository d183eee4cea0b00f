/**
 * What is out of order with what is shown, said so that nobody takes it for the present: it is the
 * past, or the daemon is gone. And what is said aloud to a screen reader.
 */

import type { Moment, Scene } from '../../shapes.ts';
import { byId, h, setAttribute, setHidden, setText } from './dom.ts';
import type { Silence } from './feed.ts';
import { clockTime, STATE_WORDS, span } from './words.ts';

/** What was said aloud is there for so long. */
const SAID_MS = 15_000;

/** What was said just before is not cut off by it. */
export function announce(says: string): void {
  const line = h('p', '', says);
  byId('says').append(line);
  setTimeout(() => line.remove(), SAID_MS);
}

export function announceChange(was: Scene, is: Scene): void {
  const [from, to] = [was.status.state, is.status.state];
  if (from !== to) announce(`The state is ${STATE_WORDS[to] ?? to}, target ${is.status.target}.`);
  const fresh = Object.entries(is.status.alarms).find(([name]) => !(name in was.status.alarms));
  if (fresh) announce(`Alarm ${fresh[0].replaceAll('_', ' ')}: ${fresh[1]}`);
}

/** `atMs` null: now. */
export function showPast(atMs: number | null, nowMs: number, moment: Moment | null): void {
  document.body.classList.toggle('is-past', atMs !== null);
  setHidden(byId('past'), atMs === null);
  if (atMs === null) return;
  const when = `${clockTime(atMs)}, ${span(nowMs - atMs)} ago.`;
  setText(byId('past-text'), `${when} ${about(moment)}`);
}

function about(moment: Moment | null): string {
  if (moment === null) return 'Replaying the journal for the details…';
  if (!moment.ok) return `${moment.says}.`;
  return moment.doubt && `Careful: ${moment.doubt}.`;
}

export function showGone({ title, says }: Silence, lastHeardMs: number | null): void {
  document.body.classList.add('is-gone');
  setAttribute(byId('link'), 'data-link', 'gone');
  setText(byId('link-text'), 'no answer');
  setHidden(byId('gone'), false);
  const what = lastHeardMs === null ? '' : ` What you see is as of ${clockTime(lastHeardMs)}.`;
  setText(byId('gone-title'), title);
  setText(byId('gone-text'), `${says}${what} Trying again.`);
}

export function showBack(): void {
  document.body.classList.remove('is-gone');
  setAttribute(byId('link'), 'data-link', 'live');
  setText(byId('link-text'), 'live');
  setHidden(byId('gone'), true);
}
