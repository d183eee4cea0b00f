/**
 * Verbs of a dialogue that are about one host: its daemon, its operator, its table and commands,
 * its interfaces and the luck of its wires.
 */

import type { Network, Pin } from '../machines/model.ts';
import { alike } from '../machines/settings.ts';
import { ownEntry } from './hands.ts';
import type { Host } from './host.ts';
import { CALM, type Climate } from './weather.ts';
import { durationMs, isOn, numberOf, pick, withSetting } from './words.ts';

export type DoOnHost = (host: Host, args: readonly string[]) => void;

const NETWORKS: readonly Network[] = ['storage', 'management'];

const pathIdOf = (host: Host, id = ''): string => {
  if (!host.world.paths.some((p) => p.id === id)) throw new Error(`no path is called ${id}`);
  return id;
};

/**
 * `cut scvm2/data on`: a path, all of an SCVM, all of a network, or the leader, for this host. One
 * way only: `cut scvm2/data out on` (what the host sends is lost), `... back on` (what it is sent).
 */
const cut: DoOnHost = ({ world }, [id = '', ...words]) => {
  const on = isOn(words.at(-1));
  const way = words.length > 1 ? pick(words[0], ['out', 'back']) : null;
  if (id === 'leader') {
    world.leaderCut = on;
    return;
  }
  const found = world.paths.filter((p) => p.id === id || p.network === id || p.scvm === id);
  if (found.length === 0) throw new Error(`no path, network or SCVM is called ${id}`);
  const lanes = way ? [world.cut[way]] : [world.cut.out, world.cut.back];
  for (const lane of lanes) {
    for (const p of found) {
      if (on) lane.add(p.id);
      else lane.delete(p.id);
    }
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

const pin: DoOnHost = (host, [path = '', ...options]) => {
  const atMs = host.nowMs();
  const forAt = options.indexOf('for');
  const untilMs: Pin['untilMs'] = forAt < 0 ? null : atMs + durationMs(options[forAt + 1]);
  const failsafe = options.includes('failsafe');
  host.tell({ type: 'PIN_ASKED', atMs, path, untilMs, failsafe });
};

const ask =
  (type: 'RELEASE_ASKED' | 'PAUSE_ASKED' | 'RESUME_ASKED'): DoOnHost =>
  (host) =>
    host.tell({ type, atMs: host.nowMs() });

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

/** `duplicate scvm2/data`: seen once. `... on`, `... on silent`: fought over until `... off`. */
const duplicate: DoOnHost = (host, [id, word, answers = 'refused']) => {
  const path = pathIdOf(host, id);
  if (word === undefined) host.sawDuplicate(path);
  else if (isOn(word)) host.duplicates.begin(path, pick(answers, ['refused', 'silent']));
  else host.duplicates.end(path);
};

/** Every fault of this host ends: its daemon runs and steers by itself. */
export function healHost(host: Host): void {
  const { world } = host;
  world.cut.out.clear();
  world.cut.back.clear();
  world.mtuCut.clear();
  host.duplicates.endAll();
  world.privateUp = true;
  world.firewall = false;
  world.leaderCut = false;
  world.commands = 'ok';
  world.table.readable = true;
  for (const network of NETWORKS) {
    host.weather.set(network, CALM);
    if (!world.links[network]) host.link(network, true);
  }
  if (host.settings() !== host.base) host.reload(host.base);
  host.revive();
  ask('RELEASE_ASKED')(host, []);
  ask('RESUME_ASKED')(host, []);
}

export const hostVerbs: Readonly<Record<string, DoOnHost>> = {
  boot: (host, words) => {
    host.boot({ shadow: words.includes('shadow'), amnesia: words.includes('amnesia') });
  },
  crash: (host) => host.crash(),
  freeze: (host, [text]) => host.freeze(durationMs(text)),
  suspend: (host, [text]) => host.suspend(durationMs(text)),
  cut,
  mtu,
  route,
  pin,
  release: ask('RELEASE_ASKED'),
  pause: ask('PAUSE_ASKED'),
  resume: ask('RESUME_ASKED'),
  private: ({ world }, [word]) => {
    world.privateUp = pick(word, ['up', 'down']) === 'up';
  },
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
