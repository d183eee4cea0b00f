/** Status, history and why as text for people. Pure: data in, lines out. */

import type { Move, Status } from '../machines/explain.ts';
import type { Gate } from '../machines/gate.ts';
import { colours as c } from './output.ts';

export type StatusAnswer = Status & {
  readonly version: string;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly configFile: string;
  /** Address of the web console; null: it is off. */
  readonly console: string | null;
};

const painted: Readonly<Record<string, (text: string) => string>> = {
  up: c.green,
  suspect: c.yellow,
  down: c.red,
  unknown: c.dim,
  Normal: c.green,
  Degraded: c.yellow,
  Rerouted: c.red,
  BackToNormal: c.cyan,
};

const paint = (word: string, text = word): string => (painted[word] ?? String)(text);

/** `1 h 3 min`, `12.3 s`, `250 ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Local wall-clock time with ms. */
export function clockTime(wallMs: number): string {
  const at = new Date(wallMs);
  const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return `${date} ${time}.${pad(at.getMilliseconds(), 3)}`;
}

export function formatStatus(s: StatusAnswer): string[] {
  const goal = s.goal ? [`switching  to ${s.goal.path} (${s.goal.kind}): ${s.goal.says}`] : [];
  const pin = s.pin ? ` to ${s.pin.path}` : '';
  return [
    `${c.bold(s.host)}  ${paint(s.state)}${s.substate === s.state ? '' : ` (${s.substate})`}  steering ${s.steering}${pin}${s.shadow ? '  SHADOW' : ''}`,
    `target     ${s.target ?? 'none'}${s.target === s.home ? ' (home)' : `, home is ${s.home}`}  ${s.nfsIp}/32 via ${s.gateway ?? 'nothing of ours'}`,
    `route      ${s.route}, table ${tableWords(s)}`,
    ...goal,
    `record     ${s.record}${s.sessionRecord.error ? `: ${s.sessionRecord.error}` : ''}`,
    `hold       ${duration(s.hold.holdMs)} (relapses ${s.hold.relapses})${s.hold.wellForMs === null ? ', home is not well' : `, home well for ${duration(s.hold.wellForMs)}`}`,
    `moves      ${s.preferenceMoves} of ${s.budgetPerHour} preference moves used this hour`,
    ...s.timers.map((t) => `timer      ${t.id} in ${duration(Math.max(0, t.inMs))}`),
    ...Object.entries(s.alarms).map(([name, says]) => c.red(`ALARM      ${name}: ${says}`)),
    '',
    ...pathTable(s),
    '',
    c.dim(
      `reroute ${s.version}, pid ${s.pid}, up ${duration(s.uptimeMs)}, ${s.configFile}${s.console ? `, console ${s.console}` : ''}`,
    ),
  ];
}

function tableWords(s: Status): string {
  if (s.table.kind !== 'read') return s.table.kind;
  const entries = s.table.entries.map((e) => `via ${e.gateway ?? '?'} proto ${e.protocol}`);
  return entries.length === 0 ? 'has no entry' : entries.join(' and ');
}

function pathTable(s: Status): string[] {
  const rows = s.paths.map((p) => {
    const signals = p.signals;
    const signal = (x: { value: string; ageMs: number | null } | undefined): string =>
      x ? `${x.value}${x.ageMs === null ? '' : ` ${duration(x.ageMs)}`}` : '';
    return [
      `${p.isTarget ? '*' : ' '}${p.isHome ? 'h' : ' '}`,
      p.id,
      p.ip,
      p.verdict,
      p.pace,
      signal(signals?.ping),
      signal(signals?.service),
      signal(signals?.session),
      p.verdict === 'up' ? '' : p.says,
    ];
  });
  const head = ['', 'path', 'gateway', 'verdict', 'pace', 'ping', 'service', 'session', 'reason'];
  return columns([head, ...rows]).map((line, i) => {
    const verdict = rows[i - 1]?.[3] ?? '';
    return i === 0 ? c.dim(line) : line.replace(` ${verdict} `, ` ${paint(verdict)} `);
  });
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((r) => r[i]?.length ?? 0))) ?? [];
  return rows.map((r) =>
    r
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export interface WhyAnswer {
  readonly status: Status;
  readonly chain: readonly { readonly wallMs: number; readonly line: string }[];
  readonly since: readonly { readonly wallMs: number; readonly line: string }[];
  readonly moves: readonly Move[];
}

export function formatWhy(why: WhyAnswer): string[] {
  const noted = (n: { wallMs: number; line: string }): string =>
    `  ${c.dim(clockTime(n.wallMs))}  ${n.line}`;
  const s = why.status;
  return [
    `${paint(s.state)}: the route leads to ${s.target ?? 'nobody known'}${s.target === s.home ? ', home' : ''}`,
    '',
    why.chain.length > 0 ? 'The last switch, from the first doubt:' : 'No switch since the start.',
    ...why.chain.map(noted),
    ...(why.since.length > 0 ? ['', 'Since then:', ...why.since.slice(-10).map(noted)] : []),
    '',
    'Switches that are not made, and what stops them:',
    ...why.moves.flatMap(moveLines),
  ];
}

function moveLines(m: Move): string[] {
  const stop = m.stoppedBy;
  const head = stop
    ? `${m.move}: stopped by ${c.bold(stop.name)} (${stop.says})`
    : `${m.move}: nothing stops it`;
  return [`  ${head}`, ...m.gates.map(gateLine)];
}

function gateLine(g: Gate): string {
  return `    ${g.open ? c.green('open  ') : c.yellow('closed')} ${g.name}: ${g.says}`;
}
