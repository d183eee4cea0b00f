/** Times and numbers as this page writes them. */

/** `2:41`, `1:02:41`: what is left of a wait, rounded up so that 0:00 means over. */
export function countdown(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor((s % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** `250 ms`, `12 s`, `3 min`, `2 h 5 min`: a length of time at a glance. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

/** What the decision says has its times in ms, as the log; here long ones are for eyes. */
export const readable = (says: string): string =>
  says.replace(/\b(\d{5,}) ms\b/g, (_, ms: string) => span(Number(ms)));

/** An age is shown in steps, or every row would change all the time. */
export function age(ms: number | null): string {
  if (ms === null) return 'never';
  if (ms < 1500) return 'now';
  return span(ms < 10_000 ? Math.round(ms / 1000) * 1000 : ms).replace('.0', '');
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});
const shortClock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export const clockTime = (wallMs: number): string => clock.format(wallMs);
export const shortTime = (wallMs: number): string => shortClock.format(wallMs);
export const dayOf = (wallMs: number): string => day.format(wallMs);
export const zone: string = clock.resolvedOptions().timeZone;

/** `03:12:45.120`, for what must be told apart. */
export const exactTime = (wallMs: number): string =>
  `${clockTime(wallMs)}.${String(Math.floor(wallMs) % 1000).padStart(3, '0')}`;

export function roundTrip(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${Math.round(ms)} ms`;
}

export const STATE_WORDS: Readonly<Record<string, string>> = {
  Normal: 'Normal',
  Degraded: 'Degraded',
  Rerouted: 'Rerouted',
  BackToNormal: 'Back to normal',
};

/** `Degraded.Doubting` is `Degraded`. */
export const topOf = (state: string): string => state.replace(/\..*$/, '');
