/**
 * The live stream with its interruptions: opened again after every end, given up when nothing came
 * for a while (a stopped process keeps its connections), and closed while nobody looks.
 */

import type { StreamEvents } from '../../shapes.ts';

/** Why nothing comes, for people. */
export interface Silence {
  readonly title: string;
  readonly says: string;
}

export interface FeedHandlers {
  event<T extends keyof StreamEvents>(name: T, body: StreamEvents[T]): void;
  /** Nothing comes any more. Told again at each failed try. */
  gone(silence: Silence): void;
}

/** A scene comes at least once a second from an idle daemon, more slowly from a large one. */
const SILENCE_MS = 8000;
const LONGEST_PAUSE_MS = 5000;
/** A browser gives one server six connections: tabs that nobody sees for long give theirs back. */
const HIDDEN_MS = 5 * 60_000;

const NAMES = ['hello', 'scene', 'traffic', 'told', 'missed'] as const;

export function openFeed(handlers: FeedHandlers): void {
  let source: EventSource | null = null;
  let silence = 0;
  let retry = 0;
  let hidden = 0;
  let failures = 0;

  function open(): void {
    clearTimeout(retry);
    source?.close();
    const made = new EventSource('/api/stream');
    source = made;
    heard();
    for (const name of NAMES) {
      made.addEventListener(name, (event: MessageEvent<string>) => {
        if (made !== source) return;
        failures = 0;
        heard();
        handlers.event(name, JSON.parse(event.data));
      });
    }
    made.onerror = () => {
      if (made === source) void lost();
    };
  }

  function heard(): void {
    clearTimeout(silence);
    silence = window.setTimeout(() => void lost(), SILENCE_MS);
  }

  async function lost(): Promise<void> {
    source?.close();
    source = null;
    clearTimeout(silence);
    failures += 1;
    const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(failures, 4));
    clearTimeout(retry);
    retry = window.setTimeout(open, pause);
    handlers.gone(await reason());
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = window.setTimeout(rest, HIDDEN_MS);
    else if (source === null) open();
  });

  function rest(): void {
    clearTimeout(retry);
    clearTimeout(silence);
    source?.close();
    source = null;
  }

  open();
}

/** An event source does not say why it failed. */
async function reason(): Promise<Silence> {
  try {
    const answer = await fetch('/api/hello', { signal: AbortSignal.timeout(2000) });
    const body: unknown = await answer.json();
    const readers = (body as { readers?: number }).readers ?? 0;
    return {
      title: 'Too many consoles are open.',
      says: `The daemon runs, and ${readers} pages are all that it serves: close one.`,
    };
  } catch {
    return {
      title: 'The daemon does not answer.',
      says: 'It ended, stands still, or the connection to its host is cut. When it ends, the route stays where it is.',
    };
  }
}
