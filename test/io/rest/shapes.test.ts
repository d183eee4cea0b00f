import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  heartbeatBody,
  readEnvelope,
  readSessions,
  recordBody,
  recordPath,
} from '../../../src/io/rest/shapes.ts';
import { entry, sessionsBody } from './http-server.ts';

const ip = '10.10.85.15';
const known = new Set([ip, '10.10.85.16']);

function listOf(...data: unknown[]) {
  const read = readSessions(sessionsBody(...data), known);
  assert.ok(read.ok, read.ok ? '' : read.error);
  return read.value;
}

function errorOf(body: string): string {
  const read = readSessions(body, known);
  assert.ok(!read.ok);
  return read.error;
}

describe('rest shapes: session list', () => {
  it('maps an entry to a session, seconds to ms', () => {
    const { sessions } = listOf({ ...entry(ip), something_new: { deep: [1] } });
    assert.deepEqual(sessions, [
      {
        uuid: 'uuid-10.10.85.15',
        ip,
        manageIp: '192.168.85.15',
        zone: 'primary',
        alive: true,
        ageMs: 200_500,
        localClientIps: ['192.168.33.1', '10.10.85.11'],
      },
    ]);
  });

  it('takes absent, null and empty optional fields for unknown', () => {
    const bare = { uuid: 'u', ip, alive: false, alive_sec: 0 };
    const unknown = { manageIp: null, zone: null, localClientIps: [] };
    const session = { uuid: 'u', ip, alive: false, ageMs: 0, ...unknown };
    for (const more of [{}, { manage_ip: null, zone: '', local_client_ips: null }]) {
      assert.deepEqual(listOf({ ...bare, ...more }).sessions, [session]);
    }
  });

  it('takes an empty list for a valid one', () => {
    assert.deepEqual(listOf(), { sessions: [], duplicateEntries: 0, unknownEntries: 0 });
  });

  const dead = { alive: false };
  const pairs: readonly (readonly [string, object, object])[] = [
    ['the living one', { alive_sec: 500 }, { ...dead, alive_sec: 1 }],
    ['the younger of two living ones', { alive_sec: 1 }, { alive_sec: 500 }],
    ['the younger of two dead ones', { ...dead, alive_sec: 1 }, { ...dead, alive_sec: 500 }],
  ];
  for (const [name, kept, dropped] of pairs) {
    it(`keeps ${name} of two entries for one IP, in either order, and counts`, () => {
      const good = { ...entry(ip), ...kept, uuid: 'good' };
      const other = { ...entry(ip), ...dropped, uuid: 'other' };
      for (const data of [
        [good, other],
        [other, good],
      ]) {
        const { sessions, duplicateEntries } = listOf(...data);
        assert.deepEqual(
          sessions.map((session) => session.uuid),
          ['good'],
        );
        assert.equal(duplicateEntries, 1);
      }
    });
  }

  it('keeps entries of unknown SCVMs out and counts them', () => {
    const { sessions, unknownEntries, duplicateEntries } = listOf(
      entry(ip),
      entry('10.10.85.99'),
      entry('10.10.85.99'),
    );
    assert.equal(sessions.length, 1);
    assert.deepEqual([unknownEntries, duplicateEntries], [2, 0]);
  });

  const malformed: readonly (readonly [string, object, RegExp])[] = [
    ['alive as a text', { alive: 'true' }, /^data: \[1\]\.alive: expected boolean/],
    ['alive_sec as a text', { alive_sec: '12' }, /\[1\]\.alive_sec: expected number/],
    ['a negative age', { alive_sec: -1 }, /\[1\]\.alive_sec: /],
    ['an age beyond all bounds', { alive_sec: 1e300 }, /\[1\]\.alive_sec: /],
    ['no uuid', { uuid: undefined }, /\[1\]\.uuid: expected string/],
    ['an empty uuid', { uuid: '' }, /\[1\]\.uuid: /],
    ['a uuid of 257 characters', { uuid: 'u'.repeat(257) }, /\[1\]\.uuid: /],
    ['a line break in the zone', { zone: 'a\nb' }, /\[1\]\.zone: control character/],
    ['a name instead of the IP', { ip: 'scvm1' }, /\[1\]\.ip: /],
    ['an IP with a port', { ip: '10.10.85.15:10201' }, /\[1\]\.ip: /],
    ['clients as a text', { local_client_ips: '1.2.3.4' }, /\[1\]\.local_client_ips: /],
    ['too many clients', { local_client_ips: Array(65).fill('a') }, /\[1\]\.local_client_ips: /],
  ];
  for (const [name, field, text] of malformed) {
    it(`refuses the whole list for one entry with ${name}`, () => {
      const error = errorOf(sessionsBody(entry(ip), { ...entry(ip), ...field }));
      assert.match(error, text);
      assert.doesNotMatch(error, /\n/);
    });
  }

  it('refuses a list of more than 1024 entries without looking at them', () => {
    assert.equal(
      errorOf(sessionsBody(...Array(1025).fill(0))),
      'data: 1025 entries, at most 1024 allowed',
    );
    assert.ok(listOf(...Array(1024).fill(entry(ip))).duplicateEntries === 1023);
  });

  const bodies: readonly (readonly [string, string, RegExp])[] = [
    ['HTML', '\n<!doctype html><title>502</title>', /^HTML or XML instead of JSON$/],
    ['nothing', ' ', /^empty body instead of JSON$/],
    ['half a list', '{"ec":"EOK","data":[{"uu', /^not JSON$/],
    ['nesting without end', '['.repeat(1_000_000), /^not JSON$/],
    ['a bare list', '[]', /^envelope: expected object/],
    ['null', 'null', /^envelope: expected object/],
    ['no ec', '{"data":[]}', /^envelope: \.ec: expected string/],
    ['another ec', '{"ec":"ENOLEADER","data":[]}', /^ec ENOLEADER instead of EOK$/],
    ['an ec that is no name', '{"ec":"a b\\n","data":[]}', /^ec \(unreadable\) instead of EOK$/],
    ['no data', '{"ec":"EOK"}', /^data: expected array/],
    ['an object as data', '{"ec":"EOK","data":{}}', /^data: expected array/],
  ];
  for (const [name, body, text] of bodies) {
    it(`names ${name}`, () => assert.match(errorOf(body), text));
  }

  it('never throws and stays on one line, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.json(), fc.jsonValue(), (text, data) => {
        for (const body of [text, JSON.stringify({ ec: 'EOK', data }), sessionsBody(data)]) {
          const read = readSessions(body, known);
          assert.ok(read.ok || /^.{1,300}$/.test(read.error));
        }
      }),
    );
  });
});

describe('rest shapes: record and heartbeat', () => {
  it('needs no data in the answer to a PUT', () => {
    assert.deepEqual(readEnvelope('{"ec":"EOK"}'), { ok: true, value: undefined });
  });

  it('puts only a plain uuid into the URL', () => {
    const path = recordPath('1f2e-AB');
    assert.deepEqual(path, { ok: true, value: '/api/v2/zbs_session/session/1f2e-AB' });
    for (const uuid of ['', '../x', 'a/b', 'a?b', 'a b', 'ä', 'a'.repeat(65), 'a\n']) {
      assert.equal(recordPath(uuid).ok, false, uuid);
    }
  });

  it('writes the bodies with the field names of the interfaces', () => {
    assert.equal(recordBody(['10.10.85.11']), '{"client_ips":["10.10.85.11"]}');
    const heartbeat = {
      hypervisorIp: '192.168.85.11',
      localDataIp: ip,
      localManageIp: '192.168.85.15',
      nfsTargetIp: '10.10.85.16',
    };
    assert.deepEqual(JSON.parse(heartbeatBody(heartbeat)), {
      hypervisor_ip: '192.168.85.11',
      local_scvm_data_ip: ip,
      local_scvm_manage_ip: '192.168.85.15',
      nfs_target_ip: '10.10.85.16',
      ttl: 9,
    });
  });
});
