/** Random streams of facts for the properties: any kind, any order, times that never decrease. */

import fc from 'fast-check';
import type { Fact } from '../../src/machines/events.ts';
import type { PathId } from '../../src/machines/model.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { ALL, type BareFact, entry, session, settings, T0 } from './fixture.ts';

const size = fc.constantFrom('small' as const, 'full' as const);
const orderId = fc.integer({ min: 0, max: 12 });
const addresses = settings().paths.map((p) => p.ip);
const dataIps = ['10.10.85.15', '10.10.85.16', '10.10.85.17'];

const rec = <T extends BareFact['type']>(
  type: T,
  fields: {
    [K in Exclude<keyof Extract<BareFact, { type: T }>, 'type'>]: fc.Arbitrary<
      Extract<BareFact, { type: T }>[K]
    >;
  },
): fc.Arbitrary<BareFact> =>
  fc.record({ type: fc.constant(type), ...fields }) as unknown as fc.Arbitrary<BareFact>;

const error = fc.constantFrom('EPERM', 'timeout');

function evidence(paths: readonly PathId[]): fc.Arbitrary<BareFact>[] {
  const path = fc.constantFrom(...paths);
  const link = fc.option(
    fc.record({
      device: fc.constantFrom('eth0', 'eth1'),
      up: fc.boolean(),
      source: fc.constantFrom('10.10.85.11', '192.168.85.11'),
    }),
  );
  const listed = fc.record({
    ip: fc.constantFrom(...dataIps),
    uuid: fc.constantFrom('u1', 'u2', 'u3'),
    alive: fc.boolean(),
    ageMs: fc.integer({ min: 0, max: 400_000 }),
  });
  const sessions = fc.array(
    listed.map((x) => session(x.ip, x)),
    { maxLength: 4 },
  );
  const rttMs = fc.constant(0.3);
  const waitedMs = fc.constant(500);
  return [
    rec('PING_REPLIED', { path, size, rttMs }),
    rec('PING_REPLIED', { path, size, rttMs }),
    rec('PING_LOST', { path, size, waitedMs, hint: fc.constant('host unreachable') }),
    rec('PING_UNSENT', { path, size, error }),
    rec('SERVICE_ANSWERED', { path, rttMs }),
    rec('SERVICE_REFUSED', { path, error }),
    rec('SERVICE_SILENT', { path, waitedMs }),
    rec('SERVICE_UNASKED', { path, error }),
    rec('SESSIONS_LISTED', { sessions, from: fc.constant('10.10.85.16') }),
    rec('SESSIONS_FAILED', { error }),
    rec('LINKS_READ', { byPath: fc.dictionary(path, link) }),
    rec('STALLED', { stalledMs: fc.integer({ min: 1, max: 9000 }) }),
    rec('TICK', {}),
  ];
}

function others(paths: readonly PathId[], reloads: readonly Settings[]): fc.Arbitrary<BareFact>[] {
  const path = fc.constantFrom(...paths);
  const gateway = fc.option(fc.constantFrom(...addresses, '10.9.9.9'));
  const one = fc
    .record({ gateway, metric: fc.constantFrom(0, 100), plain: fc.boolean() })
    .map((x) => entry(x.gateway, x));
  const entries = fc.array(one, { maxLength: 2 });
  const reply = fc.option(orderId);
  return [
    rec('ROUTE_READ', { entries, orderId: reply }),
    rec('ROUTE_READ', { entries, orderId: reply }),
    rec('ROUTE_UNREADABLE', { error, orderId: reply }),
    rec('ROUTE_REFUSED', { orderId, error }),
    rec('CONNECTIONS_BROKEN', { orderId, count: fc.nat(9) }),
    rec('CONNECTIONS_KEPT', { orderId, error, supported: fc.boolean() }),
    rec('RECORD_ACKNOWLEDGED', { orderId }),
    rec('RECORD_REFUSED', { orderId, error }),
    rec('DUPLICATE_SEEN', { path, macs: fc.constant(['a', 'b']) }),
    rec('PIN_ASKED', {
      path,
      untilMs: fc.option(fc.integer({ min: T0, max: T0 + 600_000 })),
      failsafe: fc.boolean(),
    }),
    rec('RELEASE_ASKED', {}),
    rec('PAUSE_ASKED', {}),
    rec('RESUME_ASKED', {}),
    rec('RELOADED', { settings: fc.constantFrom(...reloads) }),
  ];
}

const stamp = (bare: fc.Arbitrary<BareFact>): fc.Arbitrary<BareFact & { gapMs: number }> =>
  fc
    .tuple(
      bare,
      fc.oneof(
        { weight: 24, arbitrary: fc.integer({ min: 0, max: 400 }) },
        { weight: 1, arbitrary: fc.integer({ min: 600, max: 200_000 }) },
      ),
    )
    .map(([fact, gapMs]) => ({ ...fact, gapMs }));

const timed = (facts: readonly (BareFact & { gapMs: number })[]): Fact[] => {
  let atMs = T0;
  return facts.map(({ gapMs, ...fact }) => {
    atMs += gapMs;
    return { ...fact, atMs } as Fact;
  });
};

/** Mostly paths are well: without that a random stream only ever sees doubt. */
const wellness = {
  weight: 30,
  arbitrary: rec('PING_REPLIED', {
    path: fc.constantFrom(...ALL),
    size: fc.constant('small' as const),
    rttMs: fc.constant(0.3),
  }),
};

/** Streams of evidence alone. */
export const evidenceStreams = (maxLength: number): fc.Arbitrary<Fact[]> =>
  fc.array(stamp(fc.oneof(...evidence(ALL))), { maxLength }).map(timed);

/** Streams of everything that can reach the decision. */
export const factStreams = (maxLength: number, reloads: readonly Settings[]) =>
  fc
    .array(
      stamp(fc.oneof(wellness, ...evidence(ALL), ...others([...ALL, 'scvm9/data'], reloads))),
      {
        maxLength,
        size: 'max',
      },
    )
    .map(timed);
