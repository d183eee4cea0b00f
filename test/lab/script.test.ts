/**
 * Fault scripts and the text form of faults: what is read, what is refused and with which words,
 * and that every fault's text reads back as itself.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { FAULT_USAGE, type Fault, faultText } from '../../src/lab/fault.ts';
import { parseDuration, parseFault } from '../../src/lab/fault-text.ts';
import { planProblems, SAMPLE_CLUSTER } from '../../src/lab/plan.ts';
import { parseScript, playScript } from '../../src/lab/script.ts';

const NAMES = {
  hosts: SAMPLE_CLUSTER.hosts.map((host) => host.name),
  scvms: SAMPLE_CLUSTER.scvms.map((scvm) => scvm.name),
};

const FAULTS: readonly Fault[] = [
  { type: 'power-off', scvm: 'scvm1' },
  { type: 'power-on', scvm: 'scvm1' },
  { type: 'kill-access', scvm: 'scvm1' },
  { type: 'start-access', scvm: 'scvm1' },
  { type: 'freeze-access', scvm: 'scvm1' },
  { type: 'thaw-access', scvm: 'scvm1' },
  { type: 'restart-loop', scvm: 'scvm1', everyMs: 60_000, downMs: 15_000 },
  { type: 'restart-loop', scvm: 'scvm1', everyMs: null, downMs: 0 },
  { type: 'link-down', node: 'host1', network: 'storage' },
  { type: 'link-up', node: 'host1', network: 'all' },
  { type: 'isolate', node: 'host1', network: 'storage', on: true },
  { type: 'isolate', node: 'host1', network: 'mgmt', on: false },
  { type: 'loss', node: 'scvm1', network: 'storage', percent: 30 },
  { type: 'mtu', node: 'scvm1', network: 'storage', bytes: 1400 },
  { type: 'mtu', node: 'scvm1', network: 'storage', bytes: 0 },
  { type: 'leader-away', forMs: 25_000 },
  { type: 'rest', scvm: 'scvm1', mode: 'garbage' },
  { type: 'delete-route', host: 'host1' },
  { type: 'foreign-route', host: 'host1', via: '10.10.85.16', metric: null },
  { type: 'foreign-route', host: 'host1', via: 'scvm2', metric: 100 },
  { type: 'duplicate', scvm: 'scvm2', on: true },
  { type: 'duplicate', scvm: 'scvm2', on: false },
  { type: 'heal' },
];

describe('lab script', () => {
  it('every fault: its text reads back as itself', () => {
    for (const fault of FAULTS) {
      assert.deepEqual(parseFault(faultText(fault)), { ok: true, value: fault });
    }
    const types = new Set(FAULTS.map((fault) => fault.type));
    assert.deepEqual([...types].sort(), Object.keys(FAULT_USAGE).sort());
  });

  it('a duration: whole ms from every unit, null outside a timer and for anything else', () => {
    const cases = { '250ms': 250, '5s': 5000, '1.5s': 1500, '2m': 120_000, '1h': 3_600_000 };
    for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms);
    for (const text of ['', '5', 's', '-1s', '1e3s', 'NaNms', '999999h', '5 s']) {
      assert.equal(parseDuration(text), null, text);
    }
  });

  it('steps come in order of time, comments and empty lines are nothing', () => {
    const text = '# story\n\nat 5s heal # later\nat 1s kill-access scvm1\nend 8s\n';
    assert.deepEqual(parseScript(text, NAMES), {
      ok: true,
      script: {
        steps: [
          { line: 4, atMs: 1000, fault: { type: 'kill-access', scvm: 'scvm1' } },
          { line: 3, atMs: 5000, fault: { type: 'heal' } },
        ],
        endMs: 8000,
      },
    });
  });

  it('all errors are told at once, each with its line and what to write', () => {
    const text = [
      'at 5s power-of scvm1',
      'at five kill-access scvm1',
      'power-off scvm1',
      'at 1s loss scvm1 storage 30',
      'at 1s power-off host1',
      'at 1s constructor',
      'at 1s isolate host1 toString',
      'at 9s heal',
      'end 3s',
      'end 60s',
    ].join('\n');
    const result = parseScript(text, NAMES);
    assert.ok(!result.ok);
    const lines = result.errors.map(({ line, error }) => `${line}: ${error}`);
    assert.equal(lines.length, 9, lines.join('\n'));
    assert.match(lines[0] ?? '', /^1: unknown fault "power-of"; one of power-off, /);
    assert.match(lines[1] ?? '', /^2: "five" is no duration; write for example 5s/);
    assert.match(lines[2] ?? '', /^3: "power-off" begins no line; write: at DURATION FAULT/);
    assert.match(lines[3] ?? '', /^4: cannot read .*; write: loss NODE NETWORK PERCENT%/);
    assert.match(lines[4] ?? '', /^5: unknown name "host1"; one of scvm1, scvm2, scvm3/);
    assert.match(lines[5] ?? '', /^6: unknown fault "constructor"/);
    assert.match(lines[6] ?? '', /^7: cannot read/);
    assert.match(lines[7] ?? '', /^9: end 3000 ms is before the last step, 9000 ms/);
    assert.match(lines[8] ?? '', /^10: end is given twice, first in line 9/);
  });

  it('every script that is shipped can be played on the sample cluster', () => {
    const dir = new URL('../../examples/lab/', import.meta.url);
    const stories = readdirSync(dir).filter((file) => file !== 'cluster.txt');
    assert.ok(stories.length >= 3);
    for (const story of stories) {
      const result = parseScript(readFileSync(new URL(story, dir), 'utf8'), NAMES);
      assert.ok(result.ok, `${story}: ${JSON.stringify(result)}`);
    }
  });

  it('playing: in order, a step that fails is printed and the next one comes', async () => {
    const result = parseScript('at 1ms heal\nat 2ms power-off scvm1\nat 3ms heal\nend 5ms');
    assert.ok(result.ok);
    const printed: string[] = [];
    const lab = {
      fault: async (fault: Fault) => {
        if (fault.type === 'power-off') throw new Error('off already');
        return 'done';
      },
    };
    await playScript(lab, result.script, (_tMs, what) => printed.push(what));
    assert.deepEqual(printed, [
      'heal: done',
      'power-off scvm1: FAILED: Error: off already',
      'heal: done',
    ]);
  });

  it('a cluster that cannot be built: every reason is named', () => {
    const cluster = {
      hosts: [{ name: 'a b', manageIp: '192.168.33.9', storageIp: '10.0.0.300' }],
      scvms: [],
    };
    const problems = planProblems('Bad Name', cluster);
    assert.equal(problems.length, 5, problems.join('\n'));
    assert.deepEqual(planProblems('fine', SAMPLE_CLUSTER), []);
  });
});
