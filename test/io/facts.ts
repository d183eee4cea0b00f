/** One fact of every type, each field filled: typed so that a new fact does not compile unlisted. */

import type { Fact, FactType } from '../../src/machines/events.ts';
import type { Memory, Path } from '../../src/machines/model.ts';
import type { Settings } from '../../src/machines/settings.ts';

const path = (id: string, kind: Path['kind'], ip: string): Path => ({
  id,
  scvm: id.split('/')[0] ?? id,
  kind,
  network: kind === 'manage' ? 'management' : 'storage',
  ip,
  dataIp: '10.10.85.15',
  manageIp: '192.168.85.15',
  local: true,
  sameZone: true,
});

export const settings: Settings = {
  hostId: 'host1',
  nfsIp: '192.168.33.2',
  paths: [
    path('scvm1/data', 'data', '10.10.85.15'),
    path('scvm1/manage', 'manage', '192.168.85.15'),
  ],
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
  session: { pollIntervalMs: 2000, lostMs: 6000, staleMs: 10_000 },
  timers: {
    backToNormalMs: 180_000,
    relapseFactor: 2,
    backToNormalMaxMs: 3_600_000,
    forgiveMs: 1_800_000,
    returnGuardMs: 120_000,
    dwellMs: 30_000,
    warmUpMs: 2000,
  },
  switch: { commandDeadlineMs: 2000, breakConnections: true, budgetPerHour: 6 },
};

export const memory: Memory = {
  relapses: 2,
  servingSinceMs: 1000,
  returned: true,
  arrivedAtMs: 900,
  leftAtMs: { 'scvm1/data': 500, 'scvm2/data': 700.25 },
  preferredAtMs: [100, 200, 300],
  pin: { path: 'scvm2/data', untilMs: 99_000, failsafe: true },
  paused: false,
};

const byType: { [T in FactType]: Extract<Fact, { type: T }> } = {
  STARTED: { type: 'STARTED', atMs: 1, memory, shadow: false },
  PING_REPLIED: { type: 'PING_REPLIED', atMs: 1.123, path: 'a', size: 'small', rttMs: 0.05 },
  PING_LOST: { type: 'PING_LOST', atMs: 2, path: 'a', size: 'full', waitedMs: 50, hint: 'MTU' },
  PING_UNSENT: { type: 'PING_UNSENT', atMs: 2, path: 'a', size: 'small', error: 'no route' },
  SERVICE_ANSWERED: { type: 'SERVICE_ANSWERED', atMs: 2, path: 'a', rttMs: 1 },
  SERVICE_REFUSED: { type: 'SERVICE_REFUSED', atMs: 2, path: 'a', error: 'ECONNREFUSED' },
  SERVICE_SILENT: { type: 'SERVICE_SILENT', atMs: 2, path: 'a', waitedMs: 1000 },
  SERVICE_UNASKED: { type: 'SERVICE_UNASKED', atMs: 2, path: 'a', error: 'ENETUNREACH' },
  SESSIONS_LISTED: {
    type: 'SESSIONS_LISTED',
    atMs: 3,
    sessions: [
      {
        uuid: 'u',
        ip: '10.10.85.15',
        manageIp: null,
        zone: null,
        alive: true,
        ageMs: 5000,
        localClientIps: ['192.168.85.11'],
      },
    ],
    from: '10.10.85.16',
  },
  SESSIONS_FAILED: { type: 'SESSIONS_FAILED', atMs: 3, error: 'timeout' },
  ROUTE_READ: {
    type: 'ROUTE_READ',
    atMs: 4,
    entries: [
      { gateway: '10.10.85.15', device: 'eth1', metric: 0, protocol: '133', plain: true },
      { gateway: null, device: null, metric: 5, protocol: 'boot', plain: false },
    ],
    orderId: 7,
  },
  ROUTE_UNREADABLE: { type: 'ROUTE_UNREADABLE', atMs: 4, error: 'deadline', orderId: null },
  ROUTE_REFUSED: { type: 'ROUTE_REFUSED', atMs: 4, orderId: 7, error: 'EPERM' },
  CONNECTIONS_BROKEN: { type: 'CONNECTIONS_BROKEN', atMs: 4, orderId: 8, count: 0 },
  CONNECTIONS_KEPT: { type: 'CONNECTIONS_KEPT', atMs: 4, orderId: 8, error: 'x', supported: false },
  RECORD_ACKNOWLEDGED: { type: 'RECORD_ACKNOWLEDGED', atMs: 5, orderId: 9 },
  RECORD_REFUSED: { type: 'RECORD_REFUSED', atMs: 5, orderId: 9, error: 'ENOLEADER' },
  LINKS_READ: {
    type: 'LINKS_READ',
    atMs: 5,
    byPath: { a: { device: 'eth1', up: true, source: '10.10.85.11' }, b: null },
  },
  DUPLICATE_SEEN: { type: 'DUPLICATE_SEEN', atMs: 5, path: 'a', macs: ['00:50:56:00:00:01', 'x'] },
  STALLED: { type: 'STALLED', atMs: 6, stalledMs: 1200 },
  PIN_ASKED: { type: 'PIN_ASKED', atMs: 6, path: 'a', untilMs: null, failsafe: false },
  RELEASE_ASKED: { type: 'RELEASE_ASKED', atMs: 6 },
  PAUSE_ASKED: { type: 'PAUSE_ASKED', atMs: 6 },
  RESUME_ASKED: { type: 'RESUME_ASKED', atMs: 6 },
  RELOADED: { type: 'RELOADED', atMs: 6, settings },
  TICK: { type: 'TICK', atMs: 7 },
};

export const everyFact: readonly Fact[] = Object.values(byType);
