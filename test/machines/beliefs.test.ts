/** How facts become beliefs about all paths: session lists, links, reloads, and quiet views. */

import assert from 'node:assert/strict';
import {
  type Beliefs,
  carryOver,
  noBeliefs,
  perceive,
  rejudge,
} from '../../src/machines/beliefs.ts';
import type { Fact } from '../../src/machines/events.ts';
import type { LinkView, PathId, Session } from '../../src/machines/model.ts';
import { ALL, B, HOME, HOME_M, scvm, sec, session, settings, T0 } from './fixture.ts';

const s = settings();
const EVERYBODY = ['10.10.85.15', '10.10.85.16', '10.10.85.17'];

const fold = (b: Beliefs, ...facts: Fact[]): Beliefs =>
  facts.reduce((at, fact) => perceive(at, fact, s), b);
const replies = (ms: number, paths: readonly PathId[] = ALL): Fact[] =>
  paths.map((path) => ({ type: 'PING_REPLIED', atMs: T0 + ms, path, size: 'small', rttMs: 0.2 }));
const listed = (ms: number, sessions: readonly Session[]): Fact => ({
  type: 'SESSIONS_LISTED',
  atMs: T0 + ms,
  sessions,
  from: '10.10.85.16',
});
const failed = (ms: number): Fact => ({
  type: 'SESSIONS_FAILED',
  atMs: T0 + ms,
  error: 'timeout',
});
const all = EVERYBODY.map((ip) => session(ip));
const withoutB = all.filter((x) => x.ip !== '10.10.85.16');
const well = fold(noBeliefs(s, T0), ...replies(0), ...replies(0), listed(0, all));
const verdict = (b: Beliefs, id: PathId): string => {
  const v = b.views.find((x) => x.id === id);
  return `${v?.verdict} ${v?.cause}`;
};

describe('beliefs: session lists', () => {
  it('consecutive fresh lists without an SCVM take its paths down after session_lost', () => {
    let b = well;
    for (const ms of [2000, 4000, 6000]) b = fold(b, listed(ms, withoutB), ...replies(ms));
    assert.equal(verdict(b, B), 'suspect session');
    b = fold(b, listed(8000, withoutB), ...replies(8000));
    assert.equal(verdict(b, B), 'down session');
    assert.equal(verdict(b, HOME), 'up none');
  });

  it('a failed poll in between breaks the run, and grace follows it', () => {
    let b = fold(well, listed(2000, withoutB), failed(4000));
    for (const ms of [6000, 8000, 10_000, 12_000]) {
      b = fold(b, listed(ms, withoutB), ...replies(ms), ...replies(ms));
      assert.equal(verdict(b, B), 'up none', `in grace at ${ms} ms`);
    }
    b = fold(b, listed(14_000, withoutB), ...replies(14_000));
    assert.equal(verdict(b, B), 'suspect session', 'the grace of stale_after is over');
  });

  it('an empty list is a leader that is away, however often it comes', () => {
    let b = well;
    for (let ms = 2000; ms <= 40_000; ms += 2000) b = fold(b, listed(ms, []), ...replies(ms));
    assert.deepEqual(
      b.views.map((v) => v.verdict),
      ALL.map(() => 'up'),
    );
    assert.equal(b.lists.error, 'the list is empty');
  });

  it('after a gap an entry that lapsed counts as unknown, one that lives counts at once', () => {
    const lapsed = all.map((x) => (x.ip === '10.10.85.16' ? { ...x, alive: false } : x));
    const b = fold(well, failed(2000), listed(4000, lapsed));
    const values = b.paths.map((w) => w.belief.session.value);
    assert.deepEqual(values, ['alive', 'alive', 'unknown', 'unknown', 'alive', 'alive']);
    assert.deepEqual(b.lists, { okAtMs: T0 + 4000, error: '' });
  });

  it('an entry that is not alive is suspect at the first list', () => {
    const lapsed = all.map((x) => (x.ip === '10.10.85.16' ? { ...x, alive: false } : x));
    assert.equal(verdict(fold(well, listed(2000, lapsed)), B), 'suspect session');
  });

  it('knows the uuid of the local session, and that it is not listed', () => {
    assert.equal(well.localUuid, 'uuid-10.10.85.15');
    assert.equal(fold(well, listed(2000, all.slice(1))).localUuid, null);
  });

  const restart = (ms: number): Beliefs => {
    const again = all.map((x) => (x.ip === '10.10.85.15' ? { ...x, uuid: 'new', ageMs: 500 } : x));
    return fold(well, ...replies(ms), listed(ms, again));
  };

  it('a new session while the path looked up restarts its time of being well, a bad sign', () => {
    const view = restart(3000).views[0];
    assert.deepEqual(
      [view?.verdict, view?.upSinceMs, view?.badAtMs, view?.sessionStartMs],
      ['up', T0 + 3000, T0 + 3000, T0 + 2500],
    );
  });

  it('a session that began when the path came up, give or take a poll, is no restart', () => {
    const view = restart(2000).views[0];
    assert.deepEqual([view?.upSinceMs, view?.badAtMs, view?.sessionStartMs], [T0, null, T0 + 1500]);
  });
});

describe('beliefs: links', () => {
  const link = (device: string, source: string, up = true): LinkView => ({ device, source, up });
  const read = (ms: number, byPath: Readonly<Record<PathId, LinkView | null>>): Fact => ({
    type: 'LINKS_READ',
    atMs: T0 + ms,
    byPath,
  });
  const both = { [HOME]: link('eth1', '10.10.85.11'), [HOME_M]: link('eth0', '192.168.85.11') };

  it('the own addresses are the sources towards the local SCVM, storage first', () => {
    const b = fold(well, read(0, both));
    assert.deepEqual(b.clientIps, ['10.10.85.11', '192.168.85.11']);
    assert.equal(fold(b, read(1, both)).clientIps, b.clientIps, 'no news, the same object');
  });

  it('one address for both networks is named once; without links there is none', () => {
    const one = { [HOME]: link('eth0', '10.10.85.11'), [HOME_M]: link('eth0', '10.10.85.11') };
    assert.deepEqual(fold(well, read(0, one)).clientIps, ['10.10.85.11']);
    assert.deepEqual(fold(well, read(0, {})).clientIps, []);
    const lone = settings({ paths: scvm(16) });
    assert.deepEqual(perceive(noBeliefs(lone, T0), read(0, both), lone).clientIps, []);
  });

  it('an interface that went away is down; one that never was is a routed network', () => {
    const b = fold(well, read(0, both), read(100, { [HOME]: null }));
    assert.equal(verdict(b, HOME), 'suspect link');
    assert.equal(verdict(b, B), 'up none');
    assert.equal(verdict(rejudge(b, T0 + 600, s), HOME), 'down link');
  });

  it('carrier lost is suspect at once', () => {
    const b = fold(well, read(0, { [HOME]: link('eth1', '10.10.85.11', false) }));
    assert.equal(verdict(b, HOME), 'suspect link');
  });
});

describe('beliefs: other facts', () => {
  it('every service fact reaches its own path only', () => {
    const at = { atMs: T0, path: B };
    const refused = fold(well, { type: 'SERVICE_REFUSED', ...at, error: 'RST' });
    assert.equal(verdict(refused, B), 'suspect service');
    assert.equal(verdict(refused, HOME), 'up none');
    const silent = fold(well, { type: 'SERVICE_SILENT', ...at, waitedMs: 499.7 });
    assert.match(silent.views[2]?.says ?? '', /silent \(no answer in 500 ms\)/);
    const unasked = fold(refused, { type: 'SERVICE_UNASKED', ...at, error: 'no socket' });
    assert.equal(verdict(unasked, B), 'suspect rising');
    const answered = fold(unasked, { type: 'SERVICE_ANSWERED', ...at, rttMs: 1 });
    assert.equal(answered.paths[2]?.belief.service.value, 'up');
  });

  it('probes that cannot be sent make a path unknown, which is no bad signal', () => {
    const b = fold(well, { type: 'PING_UNSENT', atMs: T0, path: B, size: 'small', error: 'EPERM' });
    assert.equal(verdict(b, B), 'unknown unasked');
    assert.equal(b.views[2]?.badAtMs, null);
    assert.equal(b.views[2]?.upSinceMs, null);
  });

  it('a late answer about a path that is not configured changes nothing', () => {
    const b = fold(well, ...replies(5, ['scvm9/data']));
    assert.deepEqual(b, well);
    assert.equal(b.views, well.views);
  });

  it('remembers who else answers for an address, and stalls with their count', () => {
    const dup: Fact = { type: 'DUPLICATE_SEEN', atMs: T0, path: B, macs: ['aa', 'bb'] };
    const b = fold(well, dup, { type: 'STALLED', atMs: T0 + 9, stalledMs: 4 });
    assert.deepEqual(b.duplicates, { [B]: { macs: 'aa and bb', atMs: T0 } });
    assert.deepEqual(b.stall, { count: 1, atMs: T0 + 9, ms: 4 });
  });

  it('facts that are no evidence leave the beliefs as they are', () => {
    assert.equal(fold(well, { type: 'RELEASE_ASKED', atMs: T0 }), well);
  });

  it('views are the same objects while nothing that a decision needs changed', () => {
    const b = fold(well, ...replies(250), listed(2000, all), failed(3000));
    assert.equal(b.views, well.views);
    const changed = fold(b, {
      type: 'PING_LOST',
      atMs: T0 + 3000,
      path: B,
      size: 'small',
      waitedMs: 9,
    });
    assert.notEqual(changed.views, b.views);
    assert.equal(changed.views[0], b.views[0]);
  });
});

describe('beliefs: a new configuration', () => {
  it('paths that stay keep what is believed of them, in their new order', () => {
    const to = settings({ paths: [...scvm(17, { local: true }), ...scvm(15, { local: false })] });
    const b = carryOver(well, to, T0 + sec(1));
    assert.deepEqual(
      b.views.map((v) => `${v.id} ${v.verdict}`),
      ['scvm3/data up', 'scvm3/manage up', 'scvm1/data up', 'scvm1/manage up'],
    );
    assert.equal(b.paths[0]?.path.local, true);
  });

  it('the views end where the paths end, when only the last ones were removed', () => {
    const b = carryOver(well, settings({ paths: [...scvm(15), ...scvm(16)] }), T0);
    assert.deepEqual(
      b.views.map((v) => v.id),
      ALL.slice(0, 4),
    );
  });

  it('a path that has a new address starts unknown', () => {
    const moved = { ip: '10.10.85.99', dataIp: '10.10.85.99' };
    const to = settings({ paths: [...scvm(15), ...scvm(16, moved)] });
    const b = carryOver(well, to, T0);
    assert.equal(verdict(b, B), 'unknown unasked');
    assert.equal(verdict(b, HOME), 'up none');
  });
});
