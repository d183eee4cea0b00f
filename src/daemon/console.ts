/**
 * The console as the daemon runs it: what its server shows is read from the loop, what happened is
 * passed on as it happens, and wishes go the same way as those of the control socket. Nothing in
 * here may hold the loop up or end it: an error switches the console off, and only that.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ControlHandlers } from '../io/control-server.ts';
import { errorText } from '../io/errno.ts';
import type { Log } from '../io/log.ts';
import type { Clock } from '../io/report.ts';
import { version } from '../version.ts';
import { type Assets, loadAssets } from '../web/assets.ts';
import { type Console, openConsole } from '../web/console-server.ts';
import type { Listener, Provider } from '../web/provider.ts';
import { createToken, type Token } from '../web/token.ts';
import type { Loop } from './loop.ts';
import { toldOf } from './past/digest.ts';
import { createPast } from './past.ts';
import { sceneOf } from './sight.ts';
import { createTraffic } from './traffic.ts';

export interface DaemonConsoleOptions {
  readonly config: Config;
  readonly loop: Loop;
  readonly clock: Clock;
  readonly wallMs: (monotonicMs: number) => number;
  readonly journalDir: string;
  readonly flushJournal: () => Promise<void>;
  readonly startedAtMs: number;
  readonly handlers: Pick<ControlHandlers, 'pin' | 'release' | 'pause' | 'resume'>;
  readonly log: Log;
}

export interface DaemonConsole {
  /** Where it listens and the token; null: it is off. */
  about(): { readonly url: string; readonly token: string | null } | null;
  close(): Promise<void>;
}

const OFF: DaemonConsole = { about: () => null, close: async () => undefined };

/** Never rejects: a controller without its console still does its work. */
export async function startConsole(
  options: DaemonConsoleOptions,
  page?: Assets,
): Promise<DaemonConsole> {
  const { http } = options.config.control;
  const { log } = options;
  if (http === null) return OFF;
  const source = createProvider(options);
  try {
    const { token, says } = tokenIn(options);
    const opened: Console = await openConsole({
      ...http,
      provider: source.provider,
      assets: page ?? loadAssets(),
      token,
      steerSays: says,
      log,
      nowMs: options.clock.nowMs,
    });
    log.info(`console: ${opened.url}`);
    return {
      about: () => ({ url: opened.url, token: token?.text ?? null }),
      async close() {
        // First nobody is left who could be told that the past cannot be read any more.
        await opened.close();
        await source.close();
      },
    };
  } catch (error) {
    log.error(`console ${http.host}:${http.port} is off: ${errorText(error)}`);
    await source.close();
    return OFF;
  }
}

function tokenIn({ config, log }: DaemonConsoleOptions): {
  token: Token | null;
  says: string;
} {
  const file = join(config.stateDir, 'console-token');
  try {
    return { token: createToken(file), says: '' };
  } catch (error) {
    const says = `read only: the token could not be written to ${file}: ${errorText(error)}`;
    log.warn(`console: ${says}`);
    return { token: null, says };
  }
}

function createProvider(options: DaemonConsoleOptions): {
  readonly provider: Provider;
  close(): Promise<void>;
} {
  const { loop, clock, wallMs, handlers, log } = options;
  const listeners = new Set<Listener>();
  const past = createPast({ dir: options.journalDir, flush: options.flushJournal });
  const instance = randomUUID();
  const pathIds = (): string[] => loop.state().snapshot.context.settings.paths.map((p) => p.id);
  const traffic = createTraffic(pathIds());
  let seconds: NodeJS.Timeout | null = null;

  const unobserve = loop.observe((fact, orders) => {
    try {
      traffic.note(fact);
      if (fact.type === 'RELOADED') traffic.retarget(pathIds());
      if (orders.length === 0 || listeners.size === 0) return;
      const told = orders.flatMap((order) => {
        const entry = toldOf(order);
        return entry ? [{ ...entry, wallMs: wallMs(fact.atMs), atMs: fact.atMs }] : [];
      });
      for (const listener of listeners) {
        if (told.length > 0) listener.told(told);
        listener.changed();
      }
    } catch (error) {
      unobserve();
      log.error(`console: stands still from now on: ${errorText(error)}`);
    }
  });

  function everySecond(): void {
    const step = traffic.last(clock.nowMs());
    for (const listener of listeners) listener.second(step);
  }

  const provider: Provider = {
    hello: () => ({
      instance,
      version,
      pid: process.pid,
      startedWallMs: wallMs(options.startedAtMs),
    }),
    scene: () => sceneOf(loop.state(), clock.nowMs(), loop.chain(), wallMs),
    traffic: () => traffic.all(clock.nowMs()),
    listen(listener) {
      listeners.add(listener);
      seconds ??= setInterval(everySecond, 1000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || seconds === null) return;
        clearInterval(seconds);
        seconds = null;
      };
    },
    timeline: past.timeline,
    moment: past.moment,
    pin: handlers.pin,
    release: handlers.release,
    pause: handlers.pause,
    resume: handlers.resume,
  };
  return {
    provider,
    async close() {
      unobserve();
      if (seconds) clearInterval(seconds);
      await past.close();
    },
  };
}
