/**
 * The one adapter between the SCVMs' REST interfaces and our nouns. Every shape here is *assumed*
 * (the interfaces are not public): when one proves wrong, this is the file to change and the only
 * one. Additional fields are passed over; wrong types, missing fields and excess are errors of the
 * whole answer, because half a session list would let an SCVM seem absent.
 * Pure: text in, checked values out. Errors are short and never quote what was received.
 */

import { z } from 'zod';
import type { Session } from '../../machines/model.ts';

export const SESSIONS_PATH = '/api/v3/sessions';

const MAX_ENTRIES = 1024;
const MAX_TEXT = 256;
/** Addresses of one hypervisor: three in every known cluster. */
const MAX_CLIENT_IPS = 64;
/** Above any real age, low enough for the ms to stay a safe integer. */
const MAX_AGE_SEC = 1e12;

/** Texts end up in log lines: no control characters. */
const text = z
  .string()
  .max(MAX_TEXT)
  .regex(/^\P{Cc}*$/u, 'control character');
const optionalText = text.nullish().transform((value) => value || null);

const entry = z
  .object({
    uuid: text.min(1),
    ip: z.ipv4(),
    manage_ip: optionalText,
    zone: optionalText,
    alive: z.boolean(),
    alive_sec: z.number().min(0).max(MAX_AGE_SEC),
    local_client_ips: z
      .array(text)
      .max(MAX_CLIENT_IPS)
      .nullish()
      .transform((ips) => ips ?? []),
  })
  .transform(
    (raw): Session => ({
      uuid: raw.uuid,
      ip: raw.ip,
      manageIp: raw.manage_ip,
      zone: raw.zone,
      alive: raw.alive,
      ageMs: Math.round(raw.alive_sec * 1000),
      localClientIps: raw.local_client_ips,
    }),
  );

const envelope = z.object({ ec: z.string(), data: z.unknown().optional() });
const sessionList = z.array(entry).max(MAX_ENTRIES);

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

export interface SessionList {
  /** At most one entry per known data IP. */
  readonly sessions: readonly Session[];
  /** Entries left out because another one of the same IP says more. */
  readonly duplicateEntries: number;
  /** Entries left out because no configured SCVM has their IP. */
  readonly unknownEntries: number;
}

/** Opens the envelope; its data if `ec` is EOK. */
export function readEnvelope(body: string): Read<unknown> {
  if (body.trimStart().startsWith('<')) return wrong('HTML or XML instead of JSON');
  if (body.trim() === '') return wrong('empty body instead of JSON');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // The parser's message quotes the body, so it is not passed on.
    return wrong('not JSON');
  }
  const opened = envelope.safeParse(json);
  if (!opened.success) return wrong(`envelope: ${issueOf(opened.error)}`);
  if (opened.data.ec !== 'EOK') return wrong(`ec ${nameOf(opened.data.ec)} instead of EOK`);
  return { ok: true, value: opened.data.data };
}

/** Answer of `GET /api/v3/sessions`. `known`: the data IPs of the configured SCVMs. */
export function readSessions(body: string, known: ReadonlySet<string>): Read<SessionList> {
  const data = readEnvelope(body);
  if (!data.ok) return data;
  // Before the entries are looked at: a million wrong ones would be a million issues.
  if (Array.isArray(data.value) && data.value.length > MAX_ENTRIES) {
    return wrong(`data: ${data.value.length} entries, at most ${MAX_ENTRIES} allowed`);
  }
  const list = sessionList.safeParse(data.value);
  if (!list.success) return wrong(`data: ${issueOf(list.error)}`);
  const byIp = new Map<string, Session>();
  let duplicateEntries = 0;
  let unknownEntries = 0;
  for (const session of list.data) {
    const other = byIp.get(session.ip);
    if (!known.has(session.ip)) unknownEntries += 1;
    else if (other === undefined) byIp.set(session.ip, session);
    else {
      duplicateEntries += 1;
      if (isBetter(session, other)) byIp.set(session.ip, session);
    }
  }
  return { ok: true, value: { sessions: [...byIp.values()], duplicateEntries, unknownEntries } };
}

/**
 * Of two sessions of one SCVM the living one counts; of two living or two dead ones the younger,
 * which is the later start of its access service.
 */
function isBetter(session: Session, other: Session): boolean {
  if (session.alive !== other.alive) return session.alive;
  return session.ageMs < other.ageMs;
}

const UUID = /^[A-Za-z0-9-]{1,64}$/;

/** Where a session's record is PUT. The uuid comes from outside and becomes part of a URL. */
export function recordPath(uuid: string): Read<string> {
  if (!UUID.test(uuid)) return wrong('session uuid is not 1 to 64 letters, digits and dashes');
  return { ok: true, value: `/api/v2/zbs_session/session/${encodeURIComponent(uuid)}` };
}

export function recordBody(clientIps: readonly string[]): string {
  return JSON.stringify({ client_ips: clientIps });
}

export interface Heartbeat {
  /** This host's address. */
  readonly hypervisorIp: string;
  readonly localDataIp: string;
  readonly localManageIp: string;
  /** The current access point's address. */
  readonly nfsTargetIp: string;
}

/** Seconds after which Insight takes this host for silent. */
const HEARTBEAT_TTL_SEC = 9;

export function heartbeatBody(heartbeat: Heartbeat): string {
  return JSON.stringify({
    hypervisor_ip: heartbeat.hypervisorIp,
    local_scvm_data_ip: heartbeat.localDataIp,
    local_scvm_manage_ip: heartbeat.localManageIp,
    nfs_target_ip: heartbeat.nfsTargetIp,
    ttl: HEARTBEAT_TTL_SEC,
  });
}

function wrong(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}

/** An error code is a name in capitals; anything else, which may echo a secret, is not repeated. */
function nameOf(ec: string): string {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(ec) ? ec : '(unreadable)';
}

/** The first thing that is wrong, with its place: `[0].alive: expected boolean`. */
function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'invalid';
  const place = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  const message = issue.message.replace(/^Invalid input: /, '');
  return `${place}${place && ': '}${message}`;
}
