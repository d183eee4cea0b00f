/**
 * `status --watch` and `history` as a person sees them: in a real terminal (script(1) makes one),
 * and into a pipe.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type Control, createControl } from '../../src/io/control-server.ts';
import { movesOf, statusOf } from '../../src/machines/explain.ts';
import { perform } from '../../src/sim/commands.ts';
import { createRun, type Run } from '../../src/sim/run.ts';
import { scratchFolders, until } from '../io/scratch.ts';
import { threeHosts } from '../sim/settings.ts';
import { reroute } from './program.ts';

const program = fileURLToPath(new URL('../../bin/reroute', import.meta.url));

interface Watching {
  readonly child: ChildProcess;
  text(): string;
  /** Resolves once what was printed since `from` fits. */
  until(fits: RegExp, from?: number): Promise<void>;
  readonly ended: Promise<number | null>;
}

function watching(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Watching {
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended,
    text: () => text,
    async until(fits, from = 0) {
      while (!fits.test(stripVTControlCharacters(text.slice(from)))) {
        await Promise.race([
          once(child.stdout, 'data'),
          ended.then(() => Promise.reject(new Error(`ended: ${text}`))),
        ]);
      }
    },
  };
}

describe('status --watch', function () {
  this.timeout(60_000);
  const folder = scratchFolders();
  const started: ChildProcess[] = [];
  let run: Run;
  let socket = '';
  let control: Control | null = null;
  let asked = 0;

  async function serve(): Promise<void> {
    const about = { version: '0.0.0', pid: 7, uptimeMs: 1000, configFile: '/etc/x.yaml' };
    const status = () => {
      asked += 1;
      return { ...statusOf(run.host.state()), ...about, console: 'http://127.0.0.1:9' };
    };
    const note = { wallMs: 1.8e12, line: 'path scvm1/data: up -> suspect, 1 of 3 probes lost' };
    const moves = () => movesOf(run.host.state().snapshot.context);
    const ok = { ok: true as const, says: 'done' };
    const made = await createControl({
      socket,
      handlers: {
        status,
        why: () => ({ status: status(), chain: [note], since: [], moves: moves() }),
        history: () => HISTORY,
        pin: () => ok,
        release: () => ok,
        pause: () => ok,
        resume: () => ok,
        reload: async () => ok,
        console: () => ({ url: 'http://127.0.0.1:9470', token: 'abc' }),
      },
      log: { warn: () => undefined },
    });
    assert.ok(made.ok);
    control = made.control;
  }
  const HISTORY = [
    {
      type: 'NOTE_TRANSITION',
      region: 'access',
      from: 'Normal',
      to: 'Degraded.Doubting',
      event: 'PROBE',
      reason: `scvm1/data is suspect: ${'1 of 3 probes lost, '.repeat(8)}end`,
      wallMs: new Date(2026, 0, 2, 3, 4, 5, 6).getTime(),
    },
    {
      type: 'NOTE_SWITCH',
      orderId: 1,
      from: 'scvm1/data',
      to: 'scvm3/data',
      kind: 'failover',
      reason: 'scvm1/data is down',
      wallMs: new Date(2026, 0, 3, 3, 4, 5, 6).getTime(),
    },
  ];

  /** In a terminal of this size. */
  const terminal = (verb: string, env: NodeJS.ProcessEnv = {}): Watching => {
    const command = `stty cols 70 rows 20; ${process.execPath} ${program} ${verb} --socket ${socket}`;
    const made = watching('script', ['-qefc', command, '/dev/null'], { TERM: 'xterm', ...env });
    started.push(made.child);
    return made;
  };
  const pipe = (...args: string[]): Watching => {
    const made = watching(process.execPath, [program, ...args, '--socket', socket]);
    started.push(made.child);
    return made;
  };

  beforeEach(async () => {
    socket = join(folder(), 's');
    run = createRun([threeHosts], null);
    for (const line of ['route via scvm1/data', 'boot', 'run 10s']) perform(run, line);
    await serve();
  });
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await control?.close();
    control = null;
  });

  it('terminal: drawn in place within its size, follows changes, q puts the terminal back', async () => {
    const watch = terminal('status --watch');
    await watch.until(/host1 {2}Normal/);
    assert.ok(watch.text().startsWith('\u001b[?1049h\u001b[?25l'), 'not the alternate screen');
    for (const line of ['power scvm1 off', 'run 10s']) perform(run, line);
    await watch.until(/host1 {2}Rerouted/);
    const frame = watch.text().split('\u001b[H').at(-1) ?? '';
    const lines = stripVTControlCharacters(frame).split('\n');
    assert.ok(lines.length <= 21, `${lines.length} lines`);
    assert.ok(
      lines.every((l) => l.trimEnd().length <= 70),
      lines.join('\n'),
    );
    watch.child.stdin?.write('q');
    assert.equal(await watch.ended, 0);
    assert.ok(
      watch.text().trimEnd().endsWith('\u001b[?25h\u001b[?1049l'),
      'the screen is not put back',
    );
  });

  it('terminal: Ctrl-C ends it as well', async () => {
    const watch = terminal('status --watch');
    await watch.until(/Normal/);
    watch.child.stdin?.write('\u0003');
    assert.equal(await watch.ended, 0);
    assert.ok(watch.text().includes('\u001b[?1049l'));
  });

  it('terminal: a daemon that goes is told, what it said last stays, and it comes back', async () => {
    const watch = terminal('status --watch');
    await watch.until(/Normal/);
    await control?.close();
    await watch.until(/no answer since \d\d:\d\d:\d\d .*no daemon is running/);
    await watch.until(/what stands below is what it said last[\s\S]*host1 {2}Normal/);
    const seen = watch.text().length;
    await serve();
    await watch.until(/host1 {2}Normal[\s\S]*q or Ctrl-C ends/, seen);
    watch.child.stdin?.write('q');
    assert.equal(await watch.ended, 0);
  });

  it('NO_COLOR: no colours, also in a terminal', async () => {
    const watch = terminal('status', { NO_COLOR: '1' });
    await watch.ended;
    assert.match(watch.text(), /host1 {2}Normal/);
    assert.ok(!watch.text().includes('\u001b['), JSON.stringify(watch.text()));
  });

  it('pipe: a plain block at each change and none between, a gone daemon is told once', async () => {
    const watch = pipe('status', '--watch');
    await watch.until(/host1 {2}Normal/);
    for (const line of ['power scvm1 off', 'run 10s']) perform(run, line);
    await watch.until(/host1 {2}Rerouted/);
    const before = asked;
    await until(() => asked > before + 4);
    await control?.close();
    await watch.until(/no daemon is running/);
    watch.child.kill('SIGINT');
    assert.equal(await watch.ended, 0);
    assert.equal(watch.text().match(/^host1/gm)?.length, 2);
    assert.ok(!watch.text().includes('\u001b'), 'control characters in a pipe');
  });

  it('pipe with --json: one line of JSON per change', async () => {
    const watch = pipe('status', '--watch', '--json');
    await watch.until(/\n/);
    watch.child.kill('SIGTERM');
    assert.equal(await watch.ended, 0);
    assert.equal(JSON.parse(watch.text().split('\n')[0] ?? '').state, 'Normal');
  });

  it('history: in a terminal by day, wrapped, the switch stands out; in a pipe a line each', async () => {
    const shown = terminal('history');
    await shown.ended;
    const lines = stripVTControlCharacters(shown.text()).split(/\r?\n/);
    assert.equal(lines[0], '2026-01-02');
    assert.equal(lines[1], '  03:04:05.006  state    access: Normal → Degraded.Doubting');
    assert.match(lines[2] ?? '', /^ {25}scvm1\/data is suspect: 1 of 3/);
    assert.ok(lines.includes('2026-01-03'));
    assert.ok(
      lines.some((l) => /^ {2}03:04:05\.006 {2}SWITCH {3}Switched: scvm1\/data → scvm3/.test(l)),
    );
    assert.ok(
      lines.every((l) => l.length <= 70),
      lines.join('\n'),
    );
    const piped = await reroute('history', '--socket', socket);
    assert.equal(piped.out.trim().split('\n').length, 2);
    assert.match(
      piped.out,
      /^2026-01-02 03:04:05\.006 {2}access: Normal -> Degraded\.Doubting on PROBE/,
    );
  });

  it('console: address and token, as text and as JSON', async () => {
    const { out } = await reroute('console', '--socket', socket);
    assert.equal(out, 'console  http://127.0.0.1:9470\ntoken    abc\n');
    const json = await reroute('console', '--json', '--socket', socket);
    assert.deepEqual(JSON.parse(json.out), { url: 'http://127.0.0.1:9470', token: 'abc' });
  });
});
