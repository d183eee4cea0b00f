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

const ESCAPE = '\u001b';
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
/** SGR sequences (ECMA-48, 8.3.117), kept by `split`. */
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

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

/**
 * To a width, with `…` for what is left out. Its colours stay, also those behind the cut: what ends
 * a colour is among them.
 */
export function cut(line: string, columns: number): string {
  if (stripVTControlCharacters(line).length <= columns) return line;
  let room = columns - 1;
  const parts = line.split(COLOUR).map((part, i) => {
    if (i % 2 === 1) return part;
    const seen = part.slice(0, room);
    room -= seen.length;
    return seen;
  });
  return `${parts.join('')}…`;
}
