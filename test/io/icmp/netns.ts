/**
 * Two network namespaces joined by a veth pair, for tests against a real kernel: `near` holds the
 * prober (10.9.0.1), `far` its targets (10.9.0.2 to .9, and 10.9.1.0/24 behind 10.9.0.2). Names are
 * unique per run and per pair, and everything ends with `close`.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface Net {
  readonly near: string;
  readonly far: string;
  /** Runs a command in a namespace; throws with its stderr when it fails. Returns stdout. */
  run(namespace: string, file: string, args: readonly string[], input?: string): string;
  /** Makes this the namespace's only nft rule, '' for none. */
  filter(namespace: string, hook: 'input' | 'output', rule: string): void;
  /** Starts a TypeScript file in a namespace; it is killed by `close`. */
  start(namespace: string, script: string, args: readonly string[]): ChildProcess;
  close(): void;
}

export const NEAR_IP = '10.9.0.1';
export const FAR_IPS = [2, 3, 4, 5, 6, 7, 8, 9].map((last) => `10.9.0.${last}`);

let pairs = 0;

function command(file: string, args: readonly string[], input = ''): string {
  const done = spawnSync(file, args, { input, encoding: 'utf8', timeout: 10_000 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${file} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
}

export function createNet(): Net {
  pairs += 1;
  const near = `rr${process.pid}n${pairs}`;
  const far = `rr${process.pid}f${pairs}`;
  const children: ChildProcess[] = [];
  const net: Net = {
    near,
    far,
    run: (namespace, file, args, input) =>
      command('ip', ['netns', 'exec', namespace, file, ...args], input),
    filter(namespace, hook, rule) {
      const chain = `type filter hook ${hook} priority 0
${rule}
`;
      const rules = `flush ruleset
table ip rr {
chain c {
${chain}}
}
`;
      net.run(namespace, 'nft', ['-f', '-'], rules);
    },
    start(namespace, script, args) {
      const exec = ['netns', 'exec', namespace, process.execPath, '--import', 'tsx', script];
      const child = spawn('ip', [...exec, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      return child;
    },
    close() {
      for (const child of children) child.kill('SIGKILL');
      for (const namespace of [near, far]) {
        spawnSync('ip', ['netns', 'del', namespace], { stdio: 'ignore' });
      }
    },
  };
  try {
    for (const namespace of [near, far]) {
      command('ip', ['netns', 'add', namespace]);
      net.run(namespace, 'ip', ['link', 'set', 'lo', 'up']);
    }
    const peer = ['peer', 'name', 'v0', 'netns', far];
    command('ip', ['link', 'add', 'v0', 'netns', near, 'type', 'veth', ...peer]);
    for (const namespace of [near, far]) net.run(namespace, 'ip', ['link', 'set', 'v0', 'up']);
    net.run(near, 'ip', ['addr', 'add', `${NEAR_IP}/24`, 'dev', 'v0']);
    for (const ip of FAR_IPS) net.run(far, 'ip', ['addr', 'add', `${ip}/24`, 'dev', 'v0']);
    // One next hop for a whole network whose every address answers: no neighbour entry each.
    net.run(far, 'ip', ['route', 'add', 'local', '10.9.1.0/24', 'dev', 'lo']);
    net.run(near, 'ip', ['route', 'add', '10.9.1.0/24', 'via', '10.9.0.2']);
  } catch (error) {
    net.close();
    throw error;
  }
  return net;
}
