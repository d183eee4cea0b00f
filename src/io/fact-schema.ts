/**
 * The alphabet of src/machines/events.ts as schemas, for facts and memories that come back from a
 * file. The types tie them together: a fact added there and not here does not compile.
 * Bounds are generous; they only keep a foreign file from filling memory.
 */

import { z } from 'zod';
import type { Fact } from '../machines/events.ts';
import type { Memory, RouteEntry, Session } from '../machines/model.ts';
import type { Settings } from '../machines/settings.ts';

const ms = z.number();
const atMs = ms;
const count = z.int().min(0);
const text = z.string().max(4096);
const path = z.string().min(1).max(256);
const ip = z.string().max(64);
const size = z.enum(['small', 'full']);
const orderId = z.int();
const pathTimes = z.record(path, ms);

export const memorySchema: z.ZodType<Memory> = z.strictObject({
  relapses: count,
  servingSinceMs: ms.nullable(),
  returned: z.boolean(),
  arrivedAtMs: ms.nullable(),
  leftAtMs: pathTimes,
  preferredAtMs: z.array(ms).max(10_000),
  pin: z.strictObject({ path, untilMs: ms.nullable(), failsafe: z.boolean() }).nullable(),
  paused: z.boolean(),
});

const session: z.ZodType<Session> = z.strictObject({
  uuid: text,
  ip,
  manageIp: ip.nullable(),
  zone: text.nullable(),
  alive: z.boolean(),
  ageMs: ms,
  localClientIps: z.array(ip).max(1000),
});

const routeEntry: z.ZodType<RouteEntry> = z.strictObject({
  gateway: ip.nullable(),
  device: text.nullable(),
  metric: z.number(),
  protocol: text,
  plain: z.boolean(),
});

const link = z.strictObject({ device: text, up: z.boolean(), source: ip });

const pathShape = z.strictObject({
  id: path,
  scvm: text,
  kind: z.enum(['data', 'access', 'manage']),
  network: z.enum(['storage', 'management']),
  ip,
  dataIp: ip,
  manageIp: ip,
  local: z.boolean(),
  sameZone: z.boolean(),
});

export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  hostId: text,
  nfsIp: ip,
  paths: z.array(pathShape).min(1).max(2000),
  probe: z.strictObject({
    intervalMs: ms,
    idleIntervalMs: ms,
    fastIntervalMs: ms,
    timeoutMs: ms,
    fallCount: count,
    riseCount: count,
    confirmMinMs: ms,
    mtu: count,
  }),
  service: z.strictObject({ enabled: z.boolean(), intervalMs: ms, holdMs: ms }),
  session: z.strictObject({ pollIntervalMs: ms, lostMs: ms, staleMs: ms }),
  timers: z.strictObject({
    backToNormalMs: ms,
    relapseFactor: z.number(),
    backToNormalMaxMs: ms,
    forgiveMs: ms,
    returnGuardMs: ms,
    dwellMs: ms,
    warmUpMs: ms,
  }),
  switch: z.strictObject({
    commandDeadlineMs: ms,
    breakConnections: z.boolean(),
    budgetPerHour: count,
  }),
});

const of = <T extends Fact['type'], S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), atMs, ...shape });

const untypedFact = z.discriminatedUnion('type', [
  of('STARTED', { memory: memorySchema.nullable(), shadow: z.boolean() }),
  of('PING_REPLIED', { path, size, rttMs: ms }),
  of('PING_LOST', { path, size, waitedMs: ms, hint: z.exactOptional(text) }),
  of('PING_UNSENT', { path, size, error: text }),
  of('SERVICE_ANSWERED', { path, rttMs: ms }),
  of('SERVICE_REFUSED', { path, error: text }),
  of('SERVICE_SILENT', { path, waitedMs: ms }),
  of('SERVICE_UNASKED', { path, error: text }),
  of('SESSIONS_LISTED', { sessions: z.array(session).max(10_000), from: text }),
  of('SESSIONS_FAILED', { error: text }),
  of('ROUTE_READ', { entries: z.array(routeEntry).max(10_000), orderId: orderId.nullable() }),
  of('ROUTE_UNREADABLE', { error: text, orderId: orderId.nullable() }),
  of('ROUTE_REFUSED', { orderId, error: text }),
  of('CONNECTIONS_BROKEN', { orderId, count }),
  of('CONNECTIONS_KEPT', { orderId, error: text, supported: z.boolean() }),
  of('RECORD_ACKNOWLEDGED', { orderId }),
  of('RECORD_REFUSED', { orderId, error: text }),
  of('LINKS_READ', { byPath: z.record(path, link.nullable()) }),
  of('DUPLICATE_SEEN', { path, macs: z.array(text).max(1000) }),
  of('STALLED', { stalledMs: ms }),
  of('PIN_ASKED', { path, untilMs: ms.nullable(), failsafe: z.boolean() }),
  of('RELEASE_ASKED', {}),
  of('PAUSE_ASKED', {}),
  of('RESUME_ASKED', {}),
  of('RELOADED', { settings: settingsSchema }),
  of('TICK', {}),
]);

export const factSchema: z.ZodType<Fact> = untypedFact;

/** Fails to compile when a fact of the alphabet has no schema above. */
type Unlisted = Exclude<Fact['type'], z.infer<typeof untypedFact>['type']>;
export const everyFactHasASchema: [Unlisted] extends [never] ? true : Unlisted = true;
