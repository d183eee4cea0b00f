/**
 * The kinds of text a key can hold: words to choose from, names, file paths, a URL path, and the
 * console's loopback address. Beside leaf.ts, which has numbers, durations, sizes and addresses.
 */

import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { addressFault, documented, wrongType } from './leaf.ts';
import { nearest } from './nearest.ts';
import type { ProblemCode } from './problems.ts';

/** sun_path of a Unix socket has 108 bytes with its closing NUL (unix(7)). */
const SOCKET_PATH_BYTES = 107;
const FILE_PATH_BYTES = 4095;

/** One of a few words. */
export function choice<const W extends readonly [string, ...string[]]>(words: W, means: string) {
  const range = words.join(', ');
  return documented(z.enum(words), {
    type: 'word',
    range,
    means,
    explain: (value) => {
      const near = typeof value === 'string' ? nearest(value, words) : null;
      const remedy =
        near === null ? `Write one of: ${range}.` : `Write ${near} (one of: ${range}).`;
      if (typeof value !== 'string') return wrongType(value, remedy);
      return { code: 'CFG_CHOICE', says: `must be one of: ${range}`, remedy };
    },
  });
}

/**
 * Letters, digits, dot, underscore, hyphen; at most `most` characters. Not the form of an IPv4
 * address, since commands take a name or an address for the same argument.
 */
export function name(most: number, means: string) {
  const form = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${most - 1}}$`);
  const range = `1 to ${most} letters, digits, dots, underscores or hyphens`;
  return text('name', range, means, 'CFG_NAME', 'scvm1', (value) => {
    if (addressFault(value) !== 'is not a dotted IPv4 address') return 'looks like an IP address';
    return form.test(value) ? null : `must be ${range}, beginning with a letter or digit`;
  });
}

/** An absolute path in its normal form, so that two keys can be compared. */
export function filePath(means: string, mostBytes = FILE_PATH_BYTES) {
  const range = mostBytes === FILE_PATH_BYTES ? 'absolute' : `absolute, at most ${mostBytes} bytes`;
  return text('file path', range, means, 'CFG_FILE_PATH', '/var/lib/reroute/name', (value) => {
    if (!value.startsWith('/')) return 'is not an absolute path';
    if (Buffer.byteLength(value) > mostBytes) return `is longer than ${mostBytes} bytes`;
    if (/\p{Cc}/u.test(value)) return 'has control characters';
    const parts = value.split('/').slice(1);
    const plain = parts.every((part) => part !== '' && part !== '.' && part !== '..');
    return plain ? null : 'has an empty part, "." or ".." in it';
  });
}

export function socketPath(means: string) {
  return filePath(means, SOCKET_PATH_BYTES);
}

export function urlPath(means: string) {
  return text('URL path', 'begins with /', means, 'CFG_URL_PATH', '/api/v1/ioreroute', (value) =>
    /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,199}$/.test(value)
      ? null
      : 'is not a URL path of at most 200 characters',
  );
}

/**
 * `address:port` on loopback, `[::1]:port`, or `off`. The output is the two parts, or null for
 * off. Loopback only: the console has no login of its own. Names are refused because a resolver
 * decides what `localhost` is.
 */
export function loopback(means: string) {
  const remedy = 'Write 127.0.0.1:9470 (or another loopback address and port), or off.';
  const schema = z.string().transform((value, context) => {
    if (value === 'off') return null;
    const listen = loopbackParts(value);
    if (listen !== null) return listen;
    context.addIssue({ code: 'custom', message: 'refused' });
    return z.NEVER;
  });
  return documented(schema, {
    type: 'address:port',
    range: 'loopback address and port, or off',
    means,
    explain: (value) => {
      if (value === false) return { code: 'CFG_HTTP', says: 'is not a word', remedy: 'Write off.' };
      if (typeof value !== 'string') return wrongType(value, remedy);
      return { code: 'CFG_HTTP', says: 'is not a loopback address with a port', remedy };
    },
  });
}

function loopbackParts(value: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-f:]{2,39})\]|([0-9.]{7,15})):([1-9]\d{0,4})$/i.exec(value);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (!(port <= 65535)) return null;
  const isV4 = ipaddr.IPv4.isValidFourPartDecimal(host);
  if (!isV4 && !ipaddr.IPv6.isValid(host)) return null;
  const parsed = isV4 ? ipaddr.IPv4.parse(host) : ipaddr.IPv6.parse(host);
  return parsed.range() === 'loopback' ? { host: parsed.toString(), port } : null;
}

function text(
  type: string,
  range: string,
  means: string,
  code: ProblemCode,
  sample: string,
  fault: (value: string) => string | null,
) {
  return documented(
    z.string().refine((value) => fault(value) === null),
    {
      type,
      range,
      means,
      explain: (value, example) => {
        const shown = example === '' || example === 'null' ? sample : example;
        if (typeof value === 'number') {
          const remedy = `Put it in quotes: "${value}".`;
          return { code: 'CFG_TYPE', says: 'a number cannot stand here', remedy };
        }
        const remedy = `Write a ${type} (${range}), for example ${shown}.`;
        if (typeof value !== 'string') return wrongType(value, remedy);
        return { code, says: fault(value) ?? 'is refused', remedy };
      },
    },
  );
}
