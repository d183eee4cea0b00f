/**
 * The verbs of a dialogue script: what may happen in the simulated world, one line each. Unknown
 * words are errors with the line; nothing is guessed.
 */

import type { Pin } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';
import { restartSession, type ScvmCondition, scvmOf } from './conditions.ts';
import { ownEntry, type Run } from './run.ts';

/** `250ms`, `20s`, `3m`, `2h` in ms. */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) throw new Error(`"${text}" is no duration: write 250ms, 20s, 3m or 2h`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h'];
  return Number(match[1]) * unit;
}

type Do = (run: Run, args: readonly string[]) => void;

function pick<T extends string>(word: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === word);
  if (!found) throw new Error(`"${word ?? ''}" is not one of ${allowed.join(', ')}`);
  return found;
}

function onScvm(run: Run, name: string | undefined): ScvmCondition {
  return scvmOf(run.world, name ?? '');
}

/** The whole VM: pings, service and session go together; on again, its session is new. */
const power: Do = (run, [name, word]) => {
  const on = pick(word, ['on', 'off']) === 'on';
  const scvm = onScvm(run, name);
  scvm.powered = on;
  scvm.service = on ? 'up' : 'refused';
  if (on) restartSession(run.world, name ?? '', run.queue.nowMs());
  else run.queue.at(run.queue.nowMs() + 7000, () => expire(scvm));
};

/** The master sees a lost lease later than anybody else. */
function expire(scvm: ScvmCondition): void {
  if (!scvm.powered || scvm.service !== 'up') scvm.session.state = 'lapsed';
}

const service: Do = (run, [name, word]) => {
  const scvm = onScvm(run, name);
  const was = scvm.service;
  scvm.service = pick(word, ['up', 'refused', 'silent']);
  if (scvm.service === 'up' && was === 'refused') {
    restartSession(run.world, name ?? '', run.queue.nowMs());
  }
  if (scvm.service !== 'up') run.queue.at(run.queue.nowMs() + 7000, () => expire(scvm));
};

const session: Do = (run, [name, word]) => {
  const scvm = onScvm(run, name);
  const what = pick(word, ['alive', 'lapsed', 'absent', 'restart']);
  if (what === 'restart') restartSession(run.world, name ?? '', run.queue.nowMs());
  else scvm.session.state = what;
};

const cut: Do = (run, [id, word]) => {
  const on = pick(word, ['on', 'off']) === 'on';
  const found = run.world.paths.filter((p) => p.id === id || p.network === id);
  if (found.length === 0) throw new Error(`no path or network is called ${id ?? ''}`);
  for (const p of found) {
    if (on) run.world.cut.add(p.id);
    else run.world.cut.delete(p.id);
  }
};

const mtu: Do = (run, [id, word]) => {
  if (pick(word, ['cut', 'ok']) === 'cut') run.world.mtuCut.add(id ?? '');
  else run.world.mtuCut.delete(id ?? '');
};

const route: Do = (run, [word, id]) => {
  const what = pick(word, ['delete', 'via', 'add', 'unreadable', 'readable']);
  const gateway = run.world.paths.find((p) => p.id === id)?.ip ?? id ?? '';
  if (what === 'delete') run.foreign([]);
  if (what === 'via') run.foreign([{ ...ownEntry(gateway), protocol: 'boot' }]);
  if (what === 'add') {
    run.foreign([
      ...run.world.table.entries,
      { ...ownEntry(gateway), metric: 50, protocol: 'static' },
    ]);
  }
  if (what === 'unreadable' || what === 'readable') run.world.table.readable = what === 'readable';
};

const at = (run: Run): { atMs: number } => ({ atMs: run.queue.nowMs() });

const pin: Do = (run, [path, ...options]) => {
  const forAt = options.indexOf('for');
  const untilMs: Pin['untilMs'] =
    forAt < 0 ? null : run.queue.nowMs() + durationMs(options[forAt + 1] ?? '');
  const failsafe = options.includes('failsafe');
  run.tell({ type: 'PIN_ASKED', ...at(run), path: path ?? '', untilMs, failsafe });
};

export const commands: Readonly<Record<string, Do>> = {
  boot: (run, [word]) => run.boot({ shadow: word === 'shadow' }),
  crash: (run) => run.crash(),
  run: (run, [text]) => run.advance(durationMs(text ?? '')),
  stall: (run, [text]) => run.stall(durationMs(text ?? '')),
  power,
  service,
  session,
  cut,
  mtu,
  route,
  pin,
  release: (run) => run.tell({ type: 'RELEASE_ASKED', ...at(run) }),
  pause: (run) => run.tell({ type: 'PAUSE_ASKED', ...at(run) }),
  resume: (run) => run.tell({ type: 'RESUME_ASKED', ...at(run) }),
  firewall: (run, [word]) => {
    run.world.firewall = pick(word, ['on', 'off']) === 'on';
  },
  leader: (run, [word]) => {
    run.world.leader = pick(word, ['here', 'away', 'empty', 'garbage']);
  },
  link: (run, [network, word]) =>
    run.link(pick(network, ['storage', 'management']), pick(word, ['up', 'down']) === 'up'),
  command: (run, [word]) => {
    run.world.commands = pick(word, ['ok', 'refuse', 'hang', 'lie']);
  },
  record: (run, [word]) => {
    run.world.recordWriter = pick(word, ['ok', 'refuse', 'hang']);
  },
};

/** `set timers.back_to_normal 20s` before the first boot: one number of the settings. */
export function withSetting(s: Settings, key: string, value: string): Settings {
  const [group, name] = key.split('.');
  const camel = (name ?? '').replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  const groups = s as unknown as Record<string, Record<string, unknown>>;
  const old = groups[group ?? ''];
  const field = [camel, `${camel}Ms`, `${camel}Count`].find((f) => old && f in old);
  if (!old || !field) throw new Error(`no setting is called ${key}`);
  const number = field.endsWith('Ms') ? durationMs(value) : Number(value);
  return { ...s, [group ?? '']: { ...old, [field]: number } };
}
