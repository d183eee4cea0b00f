/**
 * Reads what `ip route show` prints into entries: JSON where the tool has it (iproute2 4.14 and
 * newer), else its one-line text. Pure. Whatever is not understood is an error, never an empty
 * table: "no route" is only said by a well-formed list without our address.
 */

import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { RouteEntry } from '../../machines/model.ts';

/** One route as the kernel holds it: the fact, and what it takes to delete exactly this one. */
export interface KernelRoute extends RouteEntry {
  /** Dotted IPv4 with `/prefix` unless it is a host route, or `default`. */
  readonly dst: string;
  /** rtnetlink's type word, `unicast` for an ordinary one. */
  readonly type: string;
  readonly tos: string | null;
  readonly hops: readonly { readonly gateway: string | null; readonly device: string | null }[];
}

export type TableRead =
  | { readonly ok: true; readonly routes: readonly KernelRoute[] }
  | { readonly ok: false; readonly error: string };

const word = z.string().min(1).max(64);
const hopShape = z.object({ gateway: word.optional(), dev: word.optional() });
const routeShape = z.object({
  type: word.optional(),
  dst: word,
  tos: word.optional(),
  gateway: word.optional(),
  via: z.unknown().optional(),
  dev: word.optional(),
  protocol: word.optional(),
  metric: z.number().int().min(0).max(4294967295).optional(),
  nhid: z.number().optional(),
  nexthops: z.array(hopShape).max(256).optional(),
});
const tableShape = z.array(routeShape).max(10_000);

type Shape = z.infer<typeof routeShape>;

function fromShape(route: Shape): KernelRoute {
  const type = route.type ?? 'unicast';
  const plain =
    type === 'unicast' &&
    route.nexthops === undefined &&
    route.tos === undefined &&
    route.nhid === undefined &&
    route.via === undefined;
  return {
    dst: route.dst.endsWith('/32') ? route.dst.slice(0, -3) : route.dst,
    type,
    tos: route.tos ?? null,
    gateway: route.gateway ?? null,
    device: route.dev ?? null,
    metric: route.metric ?? 0,
    protocol: route.protocol ?? 'boot', // the tool leaves RTPROT_BOOT unsaid
    plain,
    hops: (route.nexthops ?? []).map((hop) => ({
      gateway: hop.gateway ?? null,
      device: hop.dev ?? null,
    })),
  };
}

/** The fact in a kernel route. */
export function entryOf(route: KernelRoute): RouteEntry {
  const { gateway, device, metric, protocol, plain } = route;
  return { gateway, device, metric, protocol, plain };
}

/** `ip -j route show`. */
export function parseJsonTable(text: string): TableRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, error: `not JSON: ${excerpt(text)}` };
  }
  const checked = tableShape.safeParse(value);
  if (checked.success) return { ok: true, routes: checked.data.map(fromShape) };
  const issue = checked.error.issues[0];
  const place = issue === undefined ? '' : ` at ${issue.path.join('.')}: ${issue.message}`;
  return { ok: false, error: `not a route list${place}` };
}

const TYPES = new Set(
  'unicast local broadcast multicast blackhole unreachable prohibit throw anycast nat'.split(' '),
);
const KEYS = new Map([
  ['via', 'gateway'],
  ['dev', 'dev'],
  ['proto', 'protocol'],
  ['metric', 'metric'],
  ['tos', 'tos'],
] as const);

/**
 * `ip -o -4 route show table main`, all of it: a host that reaches anything has at least one
 * route, so an empty text means that the tool said nothing, not that there is no route.
 */
export function parseTextTable(text: string): TableRead {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return { ok: false, error: 'the tool printed nothing' };
  const routes: KernelRoute[] = [];
  for (const line of lines) {
    const route = parseTextLine(line);
    if (route === null) return { ok: false, error: `not a route: ${excerpt(line)}` };
    routes.push(route);
  }
  return { ok: true, routes };
}

function parseTextLine(line: string): KernelRoute | null {
  const [head = '', ...nexthops] = line.split(/\bnexthop\b/);
  const tokens = head.split(/[\s\\]+/).filter((token) => token !== '');
  const type = TYPES.has(tokens[0] ?? '') ? tokens.shift() : undefined;
  const dst = tokens.shift() ?? '';
  if (!isDestination(dst)) return null;
  const fields = readPairs(tokens);
  const hops = nexthops.map((hop) => readPairs(hop.split(/[\s\\]+/)));
  const metric = fields.get('metric');
  const checked = routeShape.safeParse({
    ...Object.fromEntries(fields),
    dst,
    type,
    metric: metric === undefined ? undefined : Number(metric),
    nexthops: hops.length === 0 ? undefined : hops.map((hop) => Object.fromEntries(hop)),
  });
  return checked.success ? fromShape(checked.data) : null;
}

/** Keys we do not know (src, scope, mtu, flags) say nothing that an entry needs. */
function readPairs(tokens: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  tokens.forEach((token, at) => {
    const key = KEYS.get(token as 'via');
    const value = tokens[at + 1];
    if (key !== undefined && value !== undefined) pairs.set(key, value);
  });
  return pairs;
}

function isDestination(text: string): boolean {
  if (text === 'default') return true;
  const [address = '', prefix = '32', ...rest] = text.split('/');
  return (
    rest.length === 0 &&
    ipaddr.IPv4.isValidFourPartDecimal(address) &&
    /^\d+$/.test(prefix) &&
    Number(prefix) <= 32
  );
}

function excerpt(text: string): string {
  return JSON.stringify(text.trim().slice(0, 80));
}
