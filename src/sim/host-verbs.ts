/**
 * Verbs of a dialogue that are about one host: its daemon, its operator, its table and commands,
 * its interfaces and the luck of its wires.
 */

import type { Network, Pin } from '../machines/model.ts';
import { alike } from '../machines/settings.ts';
import { ownEntry } from './hands.ts';
import type { Host } from './host.ts';
import type { Run } from './run.ts';
import { CALM, type Climate } from './weather.ts';
import { durationMs, isOn, numberOf, pick, withSetting } from './words.ts';

export type DoOnHost = (host: Host, args: readonly string[], run: Run) => void;

const NETWORKS: readonly Network[] = ['storage', 'management'];

const pathIdOf = (host: Host, id = ''): string => {
  if (!host.world.paths.some((p) => p.id === id)) throw new Error(`no path is called ${id}`);
  return id;
};

/** A path, a network, all SCVMs of a zone seen as far, or the leader. */
const cut: DoOnHost = ({ world }, [id = '', word]) => {
  const on = isOn(word);
  if (id === 'leader') {
    world.leaderCut = on;
    return;
  }
  const found = world.paths.filter((p) => p.id === id || p.network === id || p.scvm === id);
  if (found.length === 0) throw new Error(`no path, network or SCVM is called ${id}`);
  for (const p of found) {
    if (on) world.cut.add(p.id);
    else world.cut.delete(p.id);
  }
};

const mtu: DoOnHost = (host, [id, word]) => {
  const path = pathIdOf(host, id);
  if (pick(word, ['cut', 'ok']) === 'cut') host.world.mtuCut.add(path);
  else host.world.mtuCut.delete(path);
};

const route: DoOnHost = (host, [word, id = '']) => {
  const { table, paths } = host.world;
  const what = pick(word, ['delete', 'via', 'add', 'unreadable', 'readable']);
  const gateway = paths.find((p) => p.id === id)?.ip ?? id;
  const foreign = { ...ownEntry(gateway), protocol: 'boot' };
  if (what === 'delete') host.foreign([]);
  if (what === 'via') host.foreign([foreign]);
  if (what === 'add') {
    const beside = { ...ownEntry(gateway), metric: 50, protocol: 'static' };
    host.foreign([...table.entries.filter((e) => e.metric !== 50), beside]);
  }
  if (what === 'unreadable' || what === 'readable') table.readable = what === 'readable';
};

const pin: DoOnHost = (host, [path = '', ...options], run) => {
  const atMs = run.queue.nowMs();
  const forAt = options.indexOf('for');
  const untilMs: Pin['untilMs'] = forAt < 0 ? null : atMs + durationMs(options[forAt + 1]);
  const failsafe = options.includes('failsafe');
  host.tell({ type: 'PIN_ASKED', atMs, path, untilMs, failsafe });
};

const ask =
  (type: 'RELEASE_ASKED' | 'PAUSE_ASKED' | 'RESUME_ASKED'): DoOnHost =>
  (host, _args, run) =>
    host.tell({ type, atMs: run.queue.nowMs() });

/** `weather storage rtt 2ms jitter 1ms loss 0.01 bursts 20s for 500ms of 0.6`; `calm`: all ends. */
const weather: DoOnHost = (host, [network, ...words]) => {
  const name = pick(network, NETWORKS);
  if (words[0] === 'calm') return host.weather.set(name, CALM);
  const change: { -readonly [K in keyof Climate]?: number } = {};
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1];
    const key = pick(words[i], ['rtt', 'jitter', 'loss', 'bursts', 'for', 'of']);
    if (key === 'rtt') change.rttMs = durationMs(value);
    if (key === 'jitter') change.jitterMs = durationMs(value);
    if (key === 'loss') change.lossRatio = numberOf(value, 0, 0.9);
    if (key === 'bursts') change.burstEveryMs = durationMs(value);
    if (key === 'for') change.burstForMs = durationMs(value);
    if (key === 'of') change.burstLossRatio = numberOf(value, 0, 1);
  }
  host.weather.set(name, change);
};

/** `reload timers.dwell 10s`, `reload without scvm3`, `reload base`: as it was at first. */
const reload: DoOnHost = (host, [key = '', value = '']) => {
  if (key === 'base') host.reload(host.base);
  else if (key === 'without') {
    const paths = host.base.paths.filter((p) => p.local || p.scvm !== value);
    host.reload(alike({ ...host.settings(), paths }));
  } else host.reload(withSetting(host.settings(), key, value));
};

const duplicate: DoOnHost = (host, [id], run) =>
  host.tell({
    type: 'DUPLICATE_SEEN',
    atMs: run.queue.nowMs(),
    path: pathIdOf(host, id),
    macs: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
  });

/** Every fault of this host ends: its daemon runs and steers by itself. */
export function healHost(host: Host, run: Run): void {
  const { world } = host;
  world.cut.clear();
  world.mtuCut.clear();
  world.firewall = false;
  world.leaderCut = false;
  world.commands = 'ok';
  world.table.readable = true;
  for (const network of NETWORKS) {
    host.weather.set(network, CALM);
    if (!world.links[network]) host.link(network, true);
  }
  if (host.settings() !== host.base) host.reload(host.base);
  if (!host.isAlive() || host.state().snapshot.context.run.shadow) host.boot();
  ask('RELEASE_ASKED')(host, [], run);
  ask('RESUME_ASKED')(host, [], run);
}

export const hostVerbs: Readonly<Record<string, DoOnHost>> = {
  boot: (host, words) => {
    host.boot({ shadow: words.includes('shadow'), amnesia: words.includes('amnesia') });
  },
  crash: (host) => host.crash(),
  freeze: (host, [text]) => host.freeze(durationMs(text)),
  cut,
  mtu,
  route,
  pin,
  release: ask('RELEASE_ASKED'),
  pause: ask('PAUSE_ASKED'),
  resume: ask('RESUME_ASKED'),
  firewall: ({ world }, [word]) => {
    world.firewall = isOn(word);
  },
  link: (host, [network, word]) =>
    host.link(pick(network, NETWORKS), pick(word, ['up', 'down']) === 'up'),
  command: ({ world }, [word]) => {
    world.commands = pick(word, ['ok', 'refuse', 'hang', 'lie', 'slow', 'late']);
  },
  weather,
  reload,
  duplicate,
};
