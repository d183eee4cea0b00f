/** The keys that an experiment may set are those that the decision compares with, and no others. */

import assert from 'node:assert/strict';
import { keysOf, SECTIONS } from '../../src/config/schema.ts';
import { defaultOf, kindOfKey, readValue, TUNABLE, writtenOf } from '../../src/tune/keys.ts';
import { settingsOf } from '../../src/tune/settings.ts';
import { good, MINIMAL } from './texts.ts';

const all = SECTIONS.flatMap((section) =>
  Object.keys(keysOf(section)).map((k) => `${section}.${k}`),
);

/** Another value than the default that a configuration takes beside all other defaults. */
const other: Readonly<Record<string, unknown>> = {
  'probe.interval': '300ms',
  'probe.idle_interval': '2s',
  'probe.fast_interval': '40ms',
  'probe.mtu': 9000,
  'probe.payload_size': 64,
  'timers.back_to_normal_max': '7200s',
  'session.stale_after': '12s',
  'session.poll_interval': '1s',
  'session.scheme': 'https',
  'session.token_file': '/a',
  'session.ca_file': '/b',
  'insight.path': '/x',
  'log.file': '/c',
  'log.link': '/d',
  'log.level': 'warn',
  'log.max_size': '30m',
  'journal.max_size': '30m',
  'control.socket': '/e',
  'control.http': 'off',
};

function otherValue(key: string): unknown {
  if (key in other) return other[key];
  const [section = '', name = ''] = key.split('.');
  const schema = keysOf(section)[name];
  const tries: unknown[] = [false, 7, '7s', '7ms'];
  return tries.find((value) => schema?.safeParse(value).success);
}

describe('keys of an experiment', () => {
  const e = good(MINIMAL);
  const plain = JSON.stringify(settingsOf(e, {}));

  for (const key of all) {
    const isTunable = TUNABLE.includes(key);
    it(`${key}: ${isTunable ? 'changes' : 'does not change'} what the decision compares with`, () => {
      const value = otherValue(key);
      assert.notEqual(value, undefined, 'the test has no other value');
      const changed = JSON.stringify(settingsOf(e, { [key]: value as string }));
      assert.equal(changed !== plain, isTunable);
    });
  }

  it('every one has a kind, and its default reads back as itself', () => {
    for (const key of TUNABLE) {
      const written = defaultOf(key, 'balanced');
      const read = readValue(key, written, 'balanced');
      assert.ok(read.ok, key);
      assert.equal(read.written, written, key);
      assert.equal(writtenOf(key, read.amount), written, `${key} is a ${kindOfKey(key)}`);
    }
  });

  it('a value that the configuration refuses is refused with what to write', () => {
    const read = readValue('timers.dwell', 30, 'balanced');
    assert.ok(!read.ok);
    assert.match(read.fault.remedy, /"30s"/);
  });
});
