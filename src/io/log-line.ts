/**
 * The shape of a log line: `2026-01-02T03:04:05.678+08:00 INFO  [pid] text`. One entry is one line
 * whatever the text holds: parts of it come from the network, and must not forge lines or move a
 * terminal's cursor. Timestamps as in RFC 3339, local time with its offset, because the log is
 * read beside those of the hypervisor.
 */

/** Longest text of one entry, characters; the rest is counted and cut off. */
const TEXT_MAX = 4096;

// biome's rule against control characters in expressions is right elsewhere; here they are the
// subject, so the ranges are built from numbers: C0, DEL and C1, line and paragraph separators,
// and the marks that reverse the direction of text.
const UNSAFE = new RegExp(
  `[${[
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0x2028, 0x202e],
    [0x2066, 0x2069],
  ]
    .map((range) => range.map((code) => String.fromCharCode(code)).join('-'))
    .join('')}]`,
  'g',
);

/** The text on one line, at most TEXT_MAX characters and a note; unsafe characters as `\u000a`. */
export function oneLine(text: string): string {
  const cut = text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text;
  const safe = cut.replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return cut === text ? safe : `${safe} ... (${text.length - TEXT_MAX} more characters)`;
}

/** `2026-01-02T03:04:05.678+08:00`: the moment in the zone of this process. */
export function localTimestamp(wallMs: number): string {
  const date = new Date(wallMs);
  const offsetMin = -date.getTimezoneOffset();
  const local = new Date(wallMs + offsetMin * 60_000).toISOString().slice(0, -1);
  const pad = (value: number) => String(value).padStart(2, '0');
  const sign = offsetMin < 0 ? '-' : '+';
  const hours = Math.floor(Math.abs(offsetMin) / 60);
  return `${local}${sign}${pad(hours)}:${pad(Math.abs(offsetMin) % 60)}`;
}

/** One whole entry without its newline. `level` is padded to five characters. */
export function logLine(wallMs: number, level: string, text: string): string {
  const name = level.toUpperCase().padEnd(5);
  return `${localTimestamp(wallMs)} ${name} [${process.pid}] ${oneLine(text)}`;
}
