/**
 * What the pure tests share: three SCVMs as the decision sees them, and a *host*: a state with a
 * clock, fed with the evidence of a small cluster and answering the orders that want an answer.
 * Not the simulator: no delays, no loss, nothing random; every test says what happens when.
 */

import { decide, type State, start } from '../../src/machines/decide.ts';
import type { Fact } from '../../src/machines/events.ts';
import type { Memory, Path, PathId, RouteEntry, Session } from '../../src/machines/model.ts';
import type { Order, OrderOf, OrderType } from '../../src/machines/orders.ts';
import type { Settings } from '../../src/machines/settings.ts';

export const T0 = 1_000_000;
export const sec = (n: number): number => n * 1000;
export const min = (n: number): number => n * 60_000;

/** The two paths of one SCVM; `octet` makes its addresses. */
export function scvm(octet: number, over: Partial<Path> = {}): Path[] {
  const name = `scvm${octet - 14}`;
  const dataIp = `10.10.85.${octet}`;
  const manageIp = `192.168.85.${octet}`;
  const base = { scvm: name, dataIp, manageIp, local: octet === 15, sameZone: true, ...over };
  const access = over.kind === 'access' ? `10.10.86.${octet}` : dataIp;
  const kind = over.kind ?? 'data';
  return [
    { ...base, id: `${name}/${kind}`, kind, network: 'storage', ip: access },
    { ...base, id: `${name}/manage`, kind: 'manage', network: 'management', ip: manageIp },
  ];
}

export const HOME = 'scvm1/data';
export const B = 'scvm2/data';
export const C = 'scvm3/data';
export const HOME_M = 'scvm1/manage';
export const B_M = 'scvm2/manage';
export const C_M = 'scvm3/manage';
export const ALL: readonly PathId[] = [HOME, HOME_M, B, B_M, C, C_M];

const balanced: Settings = {
  hostId: 'host1',
  nfsIp: '192.168.33.2',
  paths: [...scvm(15), ...scvm(16), ...scvm(17, { sameZone: false })],
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

type Groups = 'probe' | 'service' | 'session' | 'timers' | 'switch';
export type Over = { [K in Groups]?: Partial<Settings[K]> } & {
  paths?: readonly Path[];
  hostId?: string;
};

/** The documented defaults, with single keys replaced. */
export function settings(over: Over = {}): Settings {
  return {
    ...balanced,
    hostId: over.hostId ?? balanced.hostId,
    paths: over.paths ?? balanced.paths,
    probe: { ...balanced.probe, ...over.probe },
    service: { ...balanced.service, ...over.service },
    session: { ...balanced.session, ...over.session },
    timers: { ...balanced.timers, ...over.timers },
    switch: { ...balanced.switch, ...over.switch },
  };
}

export const entry = (gateway: string | null, over: Partial<RouteEntry> = {}): RouteEntry => ({
  gateway,
  device: 'eth1',
  metric: 0,
  protocol: '133',
  plain: true,
  ...over,
});

export const session = (ip: string, over: Partial<Session> = {}): Session => ({
  uuid: `uuid-${ip}`,
  ip,
  manageIp: null,
  zone: null,
  alive: true,
  ageMs: min(60),
  localClientIps: [],
  ...over,
});

/** Every fact in turn; the state after the last and all orders. */
export function drive(state: State, facts: readonly Fact[]): { state: State; orders: Order[] } {
  const orders: Order[] = [];
  let at = state;
  for (const fact of facts) {
    const [next, given] = decide(at, fact);
    at = next;
    orders.push(...given);
  }
  return { state: at, orders };
}

export const ofType = <T extends OrderType>(orders: readonly Order[], type: T): OrderOf<T>[] =>
  orders.filter((o): o is OrderOf<T> => o.type === type);

type Bare<F> = F extends Fact ? Omit<F, 'atMs'> : never;
/** A fact without its time: the host stamps it. */
export type BareFact = Bare<Fact>;

export interface HostOptions {
  readonly over?: Over;
  readonly memory?: Partial<Memory> | null;
  readonly shadow?: boolean;
  /** The table at the start; default: home's gateway. Null: no read at the start. */
  readonly table?: readonly RouteEntry[] | null;
}

/** How the world answers; tests assign to it. */
export interface World {
  /** Paths that do not answer pings, and services that refuse. */
  readonly dead: Set<PathId>;
  readonly refusing: Set<PathId>;
  /** Paths that nobody can ask at the moment. */
  readonly mute: Set<PathId>;
  sessions: readonly Session[] | 'failed';
  table: readonly RouteEntry[];
  route: 'ok' | 'refused' | 'unreadable' | 'ignored' | 'silent';
  record: 'ok' | 'refused' | 'silent';
  connections: 'broken' | 'kept';
}

const noMemory: Memory = {
  relapses: 0,
  servingSinceMs: null,
  returned: false,
  arrivedAtMs: null,
  leftAtMs: {},
  preferredAtMs: [],
  pin: null,
  paused: false,
};

export function memory(over: Partial<Memory> = {}): Memory {
  return { ...noMemory, ...over };
}

export type Host = ReturnType<typeof createHost>;

/** A host at T0 whose paths are all well; `pass` lets time go by in steps of 250 ms, or 1 s from 20 s on. */
export function createHost(options: HostOptions = {}) {
  let conf = settings(options.over);
  const world: World = {
    dead: new Set(),
    refusing: new Set(),
    mute: new Set(),
    sessions: conf.paths.filter((p) => p.network === 'storage').map((p) => session(p.dataIp)),
    table: options.table ?? [entry(conf.paths[0]?.ip ?? null)],
    route: 'ok',
    record: 'ok',
    connections: 'broken',
  };
  let nowMs = T0;
  const log: Order[] = [];
  const kept = options.memory ? memory(options.memory) : null;
  const begun = start(conf, {
    type: 'STARTED',
    atMs: nowMs,
    memory: kept,
    shadow: options.shadow ?? false,
  });
  let state = begun[0];
  take(begun[1]);

  function take(orders: readonly Order[]): void {
    log.push(...orders);
    for (const order of orders) for (const fact of answers(order)) tell(fact);
  }
  function tell(fact: BareFact): void {
    if (fact.type === 'RELOADED') conf = fact.settings;
    const [next, orders] = decide(state, { ...fact, atMs: nowMs } as Fact);
    state = next;
    take(orders);
  }
  function answers(order: Order): BareFact[] {
    if (order.type === 'READ_ROUTE') return [read(order.orderId)];
    if (order.type === 'SET_ROUTE') return routed(order);
    if (order.type === 'BREAK_CONNECTIONS') {
      const { orderId } = order;
      if (world.connections === 'broken')
        return [{ type: 'CONNECTIONS_BROKEN', orderId, count: 3 }];
      return [{ type: 'CONNECTIONS_KEPT', orderId, error: 'no such kernel', supported: false }];
    }
    if (order.type !== 'REFRESH_RECORD' || world.record === 'silent') return [];
    const { orderId } = order;
    if (world.record === 'ok') return [{ type: 'RECORD_ACKNOWLEDGED', orderId }];
    return [{ type: 'RECORD_REFUSED', orderId, error: 'EAGAIN' }];
  }
  function routed(order: OrderOf<'SET_ROUTE'>): BareFact[] {
    const { orderId } = order;
    if (world.route === 'silent') return [];
    if (world.route === 'refused') return [{ type: 'ROUTE_REFUSED', orderId, error: 'EPERM' }];
    if (world.route === 'unreadable')
      return [{ type: 'ROUTE_UNREADABLE', orderId, error: 'killed at its deadline' }];
    if (world.route === 'ok') world.table = [entry(order.gateway)];
    return [read(orderId)];
  }
  const read = (orderId: number | null): BareFact => ({
    type: 'ROUTE_READ',
    entries: world.table,
    orderId,
  });
  function evidence(): void {
    for (const { id: path } of conf.paths) {
      if (world.mute.has(path)) continue;
      if (world.dead.has(path)) tell({ type: 'PING_LOST', path, size: 'small', waitedMs: 250 });
      else tell({ type: 'PING_REPLIED', path, size: 'small', rttMs: 0.2 });
      if (nowMs % 1000 !== 0) continue;
      if (world.dead.has(path)) tell({ type: 'SERVICE_SILENT', path, waitedMs: 500 });
      else if (world.refusing.has(path)) tell({ type: 'SERVICE_REFUSED', path, error: 'RST' });
      else tell({ type: 'SERVICE_ANSWERED', path, rttMs: 0.3 });
    }
    if (nowMs % 2000 !== 0) return;
    const { sessions } = world;
    if (sessions === 'failed') tell({ type: 'SESSIONS_FAILED', error: 'timeout' });
    else tell({ type: 'SESSIONS_LISTED', sessions, from: '10.10.85.16' });
  }
  function links(): void {
    const view = (p: Path) => ({
      device: p.network === 'storage' ? 'eth1' : 'eth0',
      up: true,
      source: p.network === 'storage' ? '10.10.85.11' : '192.168.85.11',
    });
    tell({
      type: 'LINKS_READ',
      byPath: Object.fromEntries(conf.paths.map((p) => [p.id, view(p)])),
    });
  }

  if (options.table !== null) tell(read(null));
  links();
  return {
    world,
    tell,
    links,
    /** Everybody is asked once, now. */
    evidence,
    read: (orderId: number | null = null) => tell(read(orderId)),
    nowMs: () => nowMs,
    state: () => state,
    context: () => state.snapshot.context,
    /** Time goes by, with evidence in every step (or none but a TICK when one is due). */
    pass(ms: number, how: 'evidence' | 'ticks' = 'evidence'): void {
      const stepMs = ms >= sec(20) ? 1000 : 250;
      for (const end = nowMs + ms; nowMs < end; ) {
        nowMs = Math.min(end, nowMs + stepMs - (nowMs % stepMs));
        if (how === 'evidence') evidence();
        if (nowMs >= state.wakeAtMs) tell({ type: 'TICK' });
      }
    },
    /** Orders since the last call. */
    orders: () => log.splice(0),
    access: () => access(state),
    region: (name: 'steering' | 'route' | 'record') => flat(state.snapshot.value[name]),
  };
}

const flat = (v: unknown): string =>
  typeof v === 'string'
    ? v
    : Object.entries(v as object)
        .flatMap(([k, w]) => [k, flat(w)])
        .join('.');

/** The access region's top state. */
export const access = (state: State): string =>
  flat(state.snapshot.value.access).split('.')[0] ?? '';
