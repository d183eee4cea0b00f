/**
 * `reroute lab story`, what `npm start` runs: a lab, the daemon of host 1 on it, a writing client,
 * and a short fault story. On a terminal it is shown live and stays until Ctrl-C; else the
 * timeline is printed and the exit code says whether the story ended as it must.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askControl } from '../io/control-client.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { startClient, startDaemon } from '../lab/passengers.ts';
import { SAMPLE_CLUSTER } from '../lab/plan.ts';
import { consoleOn, openRelay } from '../lab/relay.ts';
import { parseScript, playScript, type Script } from '../lab/script.ts';
import { sayTruth, seconds } from '../lab/timeline.ts';
import { monotonicMs, type Truth } from '../lab/truth.ts';
import { formatStatus, type StatusAnswer } from './format.ts';
import { formatHistory, type HistoryAnswer } from './history.ts';
import { ready } from './lab.ts';
import { type Live, openLive } from './live.ts';
import { colours, DONE, FAILED, fail, print } from './output.ts';

const program = fileURLToPath(new URL('../../bin/reroute', import.meta.url));
const storyFile = fileURLToPath(new URL('../../examples/lab/story.txt', import.meta.url));
const HOST = 'host1';
/** Short timers, so that the way home is part of the story. */
const TIMERS = { back_to_normal: '10s', return_guard: '5s', dwell: '3s', forgive: '60s' };
const REDRAW_MS = 250;
/** A guest notices after about 30 s (DOMAIN.md section 7); this is what the story promises. */
const WORST_GAP_MS = 5000;

export async function story(options: { name: string }): Promise<number> {
  const entered = await ready();
  if (entered !== null) return entered;
  const parsed = parseScript(readFileSync(storyFile, 'utf8'));
  if (!parsed.ok)
    return fail(parsed.errors.map((e) => `${storyFile}:${e.line}: ${e.error}`).join('\n'));
  const live = process.stdout.isTTY ? openLive(process.stdout) : null;
  try {
    return await tell(options.name, parsed.script, live);
  } catch (error) {
    live?.close();
    return fail(error instanceof Error ? error.message : String(error));
  }
}

async function tell(name: string, script: Script, live: Live | null): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => abort.abort());
  }
  live?.draw(['building a cluster of three hosts and three SCVMs …'], []);
  const lab = await startLab({
    name,
    cluster: SAMPLE_CLUSTER,
    log: live ? () => undefined : print,
  });
  try {
    const startMs = monotonicMs();
    const events: string[] = [];
    const say = (atMs: number, what: string): void => {
      events.push(`${seconds(atMs)}  ${what}`);
      if (live) events.splice(0, events.length - 200);
      else print(events.at(-1) ?? '');
    };
    lab.truth.emitter.on('truth', (event: Truth) => {
      const said = event.type === 'heartbeat' ? null : sayTruth(event);
      if (said !== null) say(event.atMs - startMs, said);
    });
    const port = await openRelay(lab, HOST);
    const overrides = { timers: TIMERS, ...consoleOn(port) };
    startDaemon(lab, HOST, [process.execPath, program], overrides);
    if (port !== null) say(0, `the same in a browser: http://127.0.0.1:${port}`);
    startClient(lab, HOST);
    const socket = join(lab.runDir, HOST, 'reroute.sock');
    const drawing = live ? redraw(live, socket, events, abort.signal) : null;
    await playScript(lab, script, say, abort.signal);
    const wrong = abort.signal.aborted ? [] : await judge(lab, socket);
    const verdict =
      wrong.length === 0
        ? colours.green('the story ended as it must')
        : colours.red(wrong.join('; '));
    if (!live) await printHistory(socket);
    say(monotonicMs() - startMs, live ? `${verdict}; Ctrl-C ends` : verdict);
    if (live && !abort.signal.aborted) await aborted(abort.signal);
    await drawing;
    live?.close();
    return wrong.length === 0 ? DONE : FAILED;
  } finally {
    await lab.stop();
    // Named after this run: nobody would find its files again.
    rmSync(lab.runDir, { recursive: true, force: true });
  }
}

/** What the story promises: served all along, away twice, and home at the end. */
async function judge(lab: Lab, socket: string): Promise<string[]> {
  const wrong: string[] = [];
  const reply = await askControl(socket, 'GET', '/status');
  const status = reply.ok ? (reply.body as StatusAnswer) : null;
  if (status?.state !== 'Normal') wrong.push(`host1 is ${status?.state ?? 'silent'}, not Normal`);
  const gaps = lab.truth.events.flatMap((e) =>
    e.type === 'client' && e.gapMs !== null ? [e.gapMs] : [],
  );
  const worst = Math.max(0, ...gaps);
  if (worst > WORST_GAP_MS) wrong.push(`the client waited ${Math.round(worst)} ms for an answer`);
  const history = await askControl(socket, 'GET', '/history?n=1000');
  const entries = history.ok ? (history.body as HistoryAnswer) : [];
  const kinds = entries.flatMap((e) => (e.type === 'NOTE_SWITCH' ? [e.kind] : []));
  for (const kind of ['failover', 'return'] as const) {
    const count = kinds.filter((k) => k === kind).length;
    if (count !== 2) wrong.push(`${count} switches of kind ${kind}, not 2`);
  }
  return wrong;
}

async function printHistory(socket: string): Promise<void> {
  const history = await askControl(socket, 'GET', '/history?n=200');
  if (!history.ok) return;
  print('\nwhat the daemon of host1 noted:');
  for (const line of formatHistory(history.body as HistoryAnswer, null)) print(line);
  print('');
}

async function redraw(
  live: Live,
  socket: string,
  events: string[],
  end: AbortSignal,
): Promise<void> {
  while (!end.aborted) {
    const reply = await askControl(socket, 'GET', '/status', undefined, 1000);
    const status = reply.ok ? formatStatus(reply.body as StatusAnswer) : [reply.problem];
    live.draw(status, events);
    await new Promise((resolve) => setTimeout(resolve, REDRAW_MS));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
