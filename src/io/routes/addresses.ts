/**
 * The host's interfaces and their IPv4 addresses, as `ip address` prints them: JSON where the tool
 * has it, else its one-line text. Whatever is not understood is an error, never "no interface".
 */

import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { LinkView } from '../../machines/model.ts';
import { explainFailure, runCommand } from '../command.ts';

/** One IPv4 address of the host on one interface. */
export interface Address {
  readonly device: string;
  /** Administratively up, carrier present. */
  readonly up: boolean;
  readonly source: string;
  /** The far end on a point-to-point link, else `source`. */
  readonly network: string;
  readonly prefix: number;
}

export type AddressesRead =
  | { readonly ok: true; readonly addresses: readonly Address[] }
  | { readonly ok: false; readonly error: string };

const infoShape = z.object({
  family: z.string().max(16),
  local: z.string().max(64).optional(),
  address: z.string().max(64).optional(),
  prefixlen: z.number().int().min(0).max(128).optional(),
});
const interfaceShape = z.object({
  ifname: z.string().min(1).max(64),
  flags: z.array(z.string().max(64)).max(64),
  operstate: z.string().max(64).optional(),
  addr_info: z.array(infoShape).max(4096).default([]),
});
/** A host has its loopback at least: an empty list is a tool that said nothing. */
const listShape = z.array(interfaceShape).min(1).max(4096);

type Interface = z.infer<typeof interfaceShape>;
type Info = z.infer<typeof infoShape>;

/** Reads with the tool's JSON, or with its text when it is too old (iproute2 before 4.14). */
export async function readAddresses(ipFile: string, deadlineMs: number): Promise<AddressesRead> {
  const result = await runCommand(ipFile, ['-j', 'address', 'show'], { deadlineMs });
  if (result.ok) return orError(parseAddresses(result.stdout));
  const error = `ip address: ${explainFailure(result, deadlineMs)}`;
  if (!result.stderr.includes('"-j" is unknown')) return { ok: false, error };
  const links = await runCommand(ipFile, ['-o', 'link', 'show'], { deadlineMs });
  if (!links.ok) return { ok: false, error: explainFailure(links, deadlineMs) };
  const addresses = await runCommand(ipFile, ['-4', '-o', 'address', 'show'], { deadlineMs });
  if (!addresses.ok) return { ok: false, error: explainFailure(addresses, deadlineMs) };
  return orError(parseAddressText(links.stdout, addresses.stdout));
}

function orError(addresses: readonly Address[] | null): AddressesRead {
  if (addresses === null) return { ok: false, error: 'ip address printed no interface list' };
  return { ok: true, addresses };
}

/** `ip -j address show`. Null: not that. */
export function parseAddresses(text: string): readonly Address[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  // Some versions leave an empty object for each interface that they filtered out.
  const isFilled = (item: unknown) => JSON.stringify(item) !== '{}';
  const checked = listShape.safeParse(Array.isArray(value) ? value.filter(isFilled) : value);
  return checked.success ? checked.data.flatMap(addressesOf) : null;
}

const LINK_LINE = /^\d+: (\S+): <([^>]*)> (?:.*? state (\w+))?/;
const ADDRESS_LINE = /^\d+: (\S+)\s+inet (\d+\.\d+\.\d+\.\d+)(?: peer ([\d.]+))?(?:\/(\d+))? /;

/** `ip -o link show` and `ip -4 -o address show`. Null: not that. */
export function parseAddressText(links: string, addresses: string): readonly Address[] | null {
  const interfaces = new Map<string, Interface>();
  for (const line of linesOf(links)) {
    const [, name, flags, operstate] = LINK_LINE.exec(line) ?? [];
    if (name === undefined || flags === undefined) return null;
    const ifname = name.replace(/@[^@]*$/, '');
    interfaces.set(ifname, { ifname, flags: flags.split(','), operstate, addr_info: [] });
  }
  for (const line of linesOf(addresses)) {
    const [, name = '', local, address, prefix = '32'] = ADDRESS_LINE.exec(line) ?? [];
    const link = interfaces.get(name);
    if (link === undefined) return null;
    link.addr_info.push({ family: 'inet', local, address, prefixlen: Number(prefix) });
  }
  const checked = listShape.safeParse([...interfaces.values()]);
  return checked.success ? checked.data.flatMap(addressesOf) : null;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function addressesOf(link: Interface): Address[] {
  const isOperational = link.operstate !== 'DOWN' && link.operstate !== 'LOWERLAYERDOWN';
  const up = link.flags.includes('UP') && !link.flags.includes('NO-CARRIER') && isOperational;
  return link.addr_info.flatMap((info) => addressOf(info, link.ifname, up));
}

function addressOf(info: Info, device: string, up: boolean): Address[] {
  const { family, local, prefixlen } = info;
  if (family !== 'inet' || local === undefined || prefixlen === undefined) return [];
  const network = info.address ?? local;
  const isIPv4 = [local, network].every((text) => ipaddr.IPv4.isValidFourPartDecimal(text));
  return isIPv4 && prefixlen <= 32
    ? [{ device, up, source: local, network, prefix: prefixlen }]
    : [];
}

/** The address whose network holds `ip`: longest prefix, then the tool's order; null: none. */
export function findLink(addresses: readonly Address[], ip: string): LinkView | null {
  const wanted = ipaddr.IPv4.parse(ip);
  let best: Address | null = null;
  for (const address of addresses) {
    if (best !== null && address.prefix <= best.prefix) continue;
    if (wanted.match(ipaddr.IPv4.parse(address.network), address.prefix)) best = address;
  }
  return best === null ? null : { device: best.device, up: best.up, source: best.source };
}
