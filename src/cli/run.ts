/** `reroute run`: the daemon until a signal ends it. SIGHUP reloads; SIGTERM and SIGINT leave. */

import { formatProblem } from '../config/problems.ts';
import { loadSecrets } from '../daemon/reload.ts';
import { type Daemon, startDaemon } from '../daemon.ts';
import { loadConfig } from './load-config.ts';
import { DONE, FAILED, fail, WRONG_USAGE } from './output.ts';

export interface RunOptions {
  readonly config: string;
  readonly shadow: boolean;
  readonly console: boolean;
  /** True: the port that Stately's clients use. */
  readonly inspect?: number | true;
}

/** Where `createWebSocketReceiver` of @statelyai/inspect looks by itself. */
const INSPECT_PORT = 8080;

export async function run(options: RunOptions): Promise<number> {
  const loaded = await loadConfig(options.config);
  if (!loaded.ok) return fail(loaded.text, WRONG_USAGE);
  const started = await startDaemon({
    config: loaded.config,
    configFile: options.config,
    shadow: options.shadow,
    console: options.console,
    inspectPort: options.inspect === true ? INSPECT_PORT : (options.inspect ?? null),
    notes: loaded.notes.map((n) => formatProblem(n, options.config).replaceAll(/\s*\n\s*/g, ' ')),
    readAgain: async () => {
      const again = await loadConfig(options.config);
      if (!again.ok) return { ok: false, problem: again.text };
      const secrets = await loadSecrets(again.config);
      return secrets.ok ? { ...secrets, config: again.config } : secrets;
    },
  });
  if (!started.ok) return fail(started.problem);
  return untilSignal(started.daemon);
}

function untilSignal(daemon: Daemon): Promise<number> {
  return new Promise((resolve) => {
    let ending = false;
    const end = (why: string, code: number): void => {
      if (ending) return;
      ending = true;
      void daemon.stop(why).finally(() => {
        resolve(code);
        // Nothing that still lingers (a hung child, a half-open socket) may hold the exit up.
        process.exit(code);
      });
    };
    process.on('SIGTERM', () => end('SIGTERM', DONE));
    process.on('SIGINT', () => end('SIGINT', DONE));
    process.on('SIGHUP', () => void daemon.reload());
    // A fault of ours: the route stays, and a supervisor starts a fresh controller.
    process.on('uncaughtException', (error) => {
      fail(`internal error, the route stays: ${error.stack ?? error.message}`);
      end(`internal error: ${error.message}`, FAILED);
    });
  });
}
