/** A three-host cluster as host 1 sees it, with the default numbers: what the law tests run on. */

import type { Path, PathKind, RouteEntry, Session } from '../../src/machines/model.ts';
import type { Settings } from '../../src/machines/settings.ts';

function path(n: number, kind: PathKind): Path {
  const manage = kind === 'manage';
  return {
    id: `scvm${n}/${kind}`,
    scvm: `scvm${n}`,
    kind,
    network: manage ? 'management' : 'storage',
    ip: manage ? `192.168.85.${14 + n}` : `10.10.85.${14 + n}`,
    dataIp: `10.10.85.${14 + n}`,
    manageIp: `192.168.85.${14 + n}`,
    local: n === 1,
    sameZone: true,
  };
}

export const cluster: Settings = {
  hostId: 'host1',
  nfsIp: '192.168.33.2',
  paths: [1, 2, 3].flatMap((n) => [path(n, 'data'), path(n, 'manage')]),
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

export const scvms = ['scvm1', 'scvm2', 'scvm3'] as const;

export function pathOf(id: string): Path {
  const found = cluster.paths.find((p) => p.id === id);
  if (!found) throw new Error(`no path ${id}`);
  return found;
}

/** Our own route by way of a path. */
export function via(id: string): RouteEntry {
  return { gateway: pathOf(id).ip, device: 'eth1', metric: 0, protocol: '133', plain: true };
}

export function session(scvm: string, alive: boolean, uuid: string, ageMs: number): Session {
  const { dataIp, manageIp } = pathOf(`${scvm}/data`);
  return { uuid, ip: dataIp, manageIp, zone: null, alive, ageMs, localClientIps: [] };
}

/** Both of the host's interfaces, up, with its addresses. */
export function links(storageIp = '10.10.85.11') {
  return Object.fromEntries(
    cluster.paths.map((p) => {
      const source = p.network === 'storage' ? storageIp : '192.168.85.11';
      return [p.id, { device: p.network, up: true, source }];
    }),
  );
}
