/**
 * A lab for a test file: unique name, files in a temporary directory, the cluster's own times
 * shortened, and questions that are asked from inside its namespaces.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Lab, type LabOptions, startLab } from '../../src/lab/lab.ts';
import { type Cluster, SAMPLE_CLUSTER } from '../../src/lab/plan.ts';
import type { LabTimings } from '../../src/lab/timings.ts';

export const SHORT: LabTimings = {
  heartbeatMs: 200,
  leaseMs: 1000,
  jeopardyMs: 3000,
  graceMs: 1500,
  electionMs: 400,
  bootMs: 100,
  answerMs: 20,
  forwardMs: 800,
};

/** The first `count` machines of the sample. */
export function clusterOf(count: number): Cluster {
  return {
    hosts: SAMPLE_CLUSTER.hosts.slice(0, count),
    scvms: SAMPLE_CLUSTER.scvms.slice(0, count),
  };
}

let counter = 0;
export function uniqueName(): string {
  counter += 1;
  return `${process.pid}-${counter}`;
}

export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'rrlab-'));
}

export interface Answer {
  readonly address?: string;
  readonly server?: string;
  readonly source?: string;
  readonly status?: number;
  readonly text?: string;
  readonly error?: string;
}

export interface SessionRow {
  readonly uuid: string;
  readonly ip: string;
  readonly manage_ip: string;
  readonly alive: boolean;
  readonly alive_sec: number;
  readonly local_client_ips: readonly string[];
}

export interface Stand {
  readonly lab: Lab;
  /** Standard output and exit code of a program in a node's namespace. */
  output(node: string, file: string, ...args: string[]): Promise<{ text: string; code: number }>;
  write(node: string, ...addresses: string[]): Promise<Answer[]>;
  http(node: string, method: string, url: string, body?: unknown): Promise<Answer>;
  /** The session list as an SCVM's front gives it to host1, sorted by address. */
  sessions(of?: string): Promise<SessionRow[]>;
  close(): Promise<void>;
}

export async function openStand(count = 3, options: Partial<LabOptions> = {}): Promise<Stand> {
  const runDir = options.runDir ?? temporaryDir();
  const lab = await startLab({
    name: uniqueName(),
    cluster: clusterOf(count),
    timings: SHORT,
    ...options,
    runDir,
  });
  const output: Stand['output'] = (node, file, ...args) =>
    new Promise((resolve) => {
      const child = lab.exec(node, file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      child.once('close', (code) => resolve({ text, code: code ?? -1 }));
    });
  const probe = async (node: string, ...args: string[]): Promise<Answer[]> => {
    const file = fileURLToPath(new URL('./probe.mjs', import.meta.url));
    const { text } = await output(node, process.execPath, file, ...args);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  const stand: Stand = {
    lab,
    output,
    write: (node, ...addresses) => probe(node, 'write', ...addresses),
    async http(node, method, url, body) {
      const rest = body === undefined ? [] : [JSON.stringify(body)];
      const [answer] = await probe(node, 'http', method, url, ...rest);
      return answer ?? { error: 'no answer' };
    },
    async sessions(of = '10.10.85.16') {
      const answer = await stand.http('host1', 'GET', `http://${of}/api/v3/sessions`);
      assert.equal(answer.status, 200, JSON.stringify(answer));
      const { ec, data } = JSON.parse(answer.text ?? '');
      assert.equal(ec, 'EOK');
      return data.sort((a: SessionRow, b: SessionRow) => (a.ip < b.ip ? -1 : 1));
    },
    async close() {
      await lab.stop();
      rmSync(runDir, { recursive: true, force: true });
    },
  };
  return stand;
}

/** Asks until the answer fits; fails with the last answer after `withinMs`. */
export async function until<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (performance.now() > deadlineMs) assert.fail(`still ${JSON.stringify(answer)}`);
    await sleep(50);
  }
}
