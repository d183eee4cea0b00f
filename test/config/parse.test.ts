/** What a good configuration becomes: exact values, defaults, profiles, notes, frozen. */

import assert from 'node:assert/strict';
import type { Config } from '../../src/config/config.ts';
import { type ParseOptions, parseConfig } from '../../src/config/parse.ts';
import { PROFILE_NAMES } from '../../src/config/schema.ts';
import { FULL, MINIMAL, manyScvms } from './texts.ts';

function good(text: string, options: ParseOptions = {}): Config {
  const result = parseConfig(text, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result.config;
}

function noteCodes(text: string, options: ParseOptions = {}): string[] {
  const result = parseConfig(text, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result.notes.map(({ code }) => code);
}

describe('parseConfig', () => {
  it('gives every number of the full example in ms and bytes', () => {
    const { settings, ...rest } = good(FULL);
    const { paths, ...numbers } = settings;
    assert.equal(paths.length, 6);
    assert.deepEqual(numbers, {
      hostId: 'host1',
      nfsIp: '192.168.33.2',
      probe: {
        intervalMs: 250,
        idleIntervalMs: 1000,
        fastIntervalMs: 50,
        timeoutMs: 500,
        fallCount: 3,
        riseCount: 2,
        confirmMinMs: 500,
        mtu: 0,
      },
      service: { enabled: true, intervalMs: 1000, holdMs: 2000 },
      session: { pollIntervalMs: 2000, lostMs: 6000, staleMs: 10000 },
      timers: {
        backToNormalMs: 180000,
        relapseFactor: 2,
        backToNormalMaxMs: 3600000,
        forgiveMs: 1800000,
        returnGuardMs: 120000,
        dwellMs: 30000,
        warmUpMs: 2000,
      },
      switch: { commandDeadlineMs: 2000, breakConnections: true, budgetPerHour: 6 },
    });
    const { scvms, ...places } = rest;
    assert.deepEqual(scvms[2], {
      name: 'scvm3',
      local: false,
      dataIp: '10.10.85.17',
      manageIp: '192.168.85.17',
      accessIp: '10.10.86.17',
      zone: 'secondary',
    });
    assert.deepEqual(places, {
      platform: 'auto',
      profile: 'balanced',
      probe: { payloadSize: 56 },
      service: { port: 2049 },
      session: { scheme: 'http', port: 80, timeoutMs: 2000, tokenFile: null, caFile: null },
      insight: { enabled: true, port: 10700, path: '/api/v1/ioreroute', intervalMs: 3000 },
      log: {
        file: '/scratch/log/scvm_failure.log',
        link: '/var/log/scvm_failure.log',
        level: 'info',
        maxSize: 20 * 1024 * 1024,
        maxFiles: 5,
      },
      journal: { maxSize: 64 * 1024 * 1024, maxFiles: 4 },
      stateDir: '/var/lib/reroute',
      lockFile: '/run/reroute.lock',
      control: { socket: '/run/reroute.sock', http: { host: '127.0.0.1', port: 9470 } },
    });
  });

  it('fills in the balanced profile, so the full example and the minimal one agree', () => {
    const zoneless = FULL.replace(/, zone: \w+/g, '').replace(', access_ip: 10.10.86.17', '');
    assert.deepEqual(good(zoneless), good(MINIMAL));
  });

  it('takes a section of which only comments are left as an absent one', () => {
    assert.deepEqual(good(`${MINIMAL}probe:\n  #interval: 1s\nlog:\n`), good(MINIMAL));
  });

  it('lets a single key override the profile, and changes nothing else by it', () => {
    const fast = good(`${MINIMAL}profile: fast\n`);
    const slower = good(`${MINIMAL}profile: fast\nprobe: { interval: 200ms }\n`);
    assert.equal(fast.settings.probe.intervalMs, 100);
    assert.deepEqual(slower.settings, {
      ...fast.settings,
      probe: { ...fast.settings.probe, intervalMs: 200 },
    });
  });

  for (const profile of PROFILE_NAMES) {
    it(`has neither problem nor note with the bare profile ${profile}`, () => {
      assert.deepEqual(noteCodes(`${MINIMAL}profile: ${profile}\n`), []);
    });
  }

  it('is frozen at every depth', () => {
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      assert.ok(Object.isFrozen(value), JSON.stringify(value));
      for (const inner of Object.values(value)) walk(inner);
    };
    walk(good(FULL));
  });

  it("takes the host's name as host_id when the file has none", () => {
    const text = MINIMAL.replace('host_id: host1\n', '');
    assert.equal(good(text, { hostname: 'esx-07.example' }).settings.hostId, 'esx-07.example');
    assert.equal(good(MINIMAL, { hostname: 'esx-07' }).settings.hostId, 'host1');
  });

  it('turns the console off by `http: off`, and listens on IPv6 loopback too', () => {
    const http = (value: string) => good(`${MINIMAL}control: { http: "${value}" }\n`).control.http;
    assert.equal(http('off'), null);
    assert.deepEqual(http('[::1]:9470'), { host: '::1', port: 9470 });
    assert.deepEqual(http('127.9.9.9:65535'), { host: '127.9.9.9', port: 65535 });
  });

  it('takes 200 SCVMs, and one alone with a note', () => {
    assert.equal(good(manyScvms(200)).settings.paths.length, 400);
    assert.deepEqual(noteCodes(manyScvms(200)), []);
    assert.deepEqual(noteCodes(manyScvms(1)), ['CFG_ONE_SCVM']);
  });

  it('accepts addresses inside the networks of the host and leaves IPv6 ones out', () => {
    const hostNetworks = ['10.10.85.11/24', '192.168.85.11/24', 'fe80::1/64'];
    assert.ok(parseConfig(MINIMAL, { hostNetworks }).ok);
  });

  it('resolves YAML anchors, which spare repetition', () => {
    const text = `${MINIMAL}probe: { interval: &pace 300ms, idle_interval: *pace }\n`;
    assert.equal(good(text).settings.probe.idleIntervalMs, 300);
  });
});
