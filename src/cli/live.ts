/**
 * A live picture of one daemon in the terminal: its status, and the newest events below it. Draws
 * on the alternate screen and puts the terminal back on every way out. Presentation only.
 */

import { stripVTControlCharacters } from 'node:util';

export interface Live {
  /** `status` is redrawn whole; `events` are the newest last. */
  draw(status: readonly string[], events: readonly string[]): void;
  close(): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export function openLive(out: NodeJS.WriteStream): Live {
  let open = true;
  out.write(ENTER);
  const leave = (): void => {
    if (!open) return;
    open = false;
    out.write(LEAVE);
  };
  process.once('exit', leave);
  return {
    draw(status, events) {
      if (!open) return;
      const rows = out.rows ?? 24;
      const columns = out.columns ?? 80;
      const room = Math.max(0, rows - status.length - 2);
      const shown = room > 0 ? events.slice(-room) : [];
      const lines = [...status, '', ...shown].slice(0, rows - 1).map((line) => cut(line, columns));
      out.write(`${HOME}${lines.map((line) => `${line}${CLEAR_LINE}`).join('\n')}\n${CLEAR_BELOW}`);
    },
    close() {
      process.off('exit', leave);
      leave();
    },
  };
}

/** A line that is too long loses its colours with its end, so that none leaks. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : `${plain.slice(0, columns - 1)}…`;
}
