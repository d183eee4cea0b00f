/**
 * Who may talk to the console, decided from the request's headers alone, and what a browser is told
 * to allow. The server listens on loopback; that does not keep out a web page that the operator has
 * open elsewhere, so two doors are closed here: a name that was made to point at 127.0.0.1 (DNS
 * rebinding: the Host header is that name's), and a request from another page (its Origin is).
 */

/** Sent with every answer. Nothing may come from elsewhere, nothing inline may run. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** The names under which a browser on this machine reaches the server, each with its port. */
export function hostsOf(host: string, port: number): ReadonlySet<string> {
  const own = host.includes(':') ? `[${host}]` : host;
  const names = [own, '127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  // A browser leaves the port of http out.
  return new Set(port === 80 ? [...names, ...names.map((n) => n.replace(/:80$/, ''))] : names);
}

export interface Headers {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** Null: fine. Else the reason for the refusal, one line. */
export function hostProblem(headers: Headers, hosts: ReadonlySet<string>): string | null {
  const { host } = headers;
  if (host !== undefined && hosts.has(host.toLowerCase())) return null;
  return `this console is not called ${JSON.stringify((host ?? '').slice(0, 100))}: open it as ${[...hosts][0]}`;
}

/**
 * For every question and wish: a page of another site may not ask, even where it could not read the
 * answer, because streams are few and the past takes work. Only browsers say so (Fetch Metadata);
 * whoever else asks is on this machine and could read `reroute status`.
 */
export function siteProblem(headers: Headers): string | null {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  return `asked from another site (${String(site).slice(0, 100)})`;
}

/** For what changes something: the page that asks must be this server's own, and say so. */
export function originProblem(headers: Headers, hosts: ReadonlySet<string>): string | null {
  const { origin } = headers;
  if (origin === undefined) return 'asked without an Origin: only the console itself may';
  const host = (headers.host ?? '').toLowerCase();
  if (origin.toLowerCase() === `http://${host}` && hosts.has(host)) return null;
  return `asked from another page (${origin.slice(0, 100)})`;
}
