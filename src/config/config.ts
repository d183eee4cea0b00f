/**
 * The one frozen Config that a run is made of. Only the shape; `parse.ts` makes it from text.
 * `settings` is what the decision compares with; the rest tells io where things are.
 * All durations are ms, all sizes bytes.
 */

import type { Settings } from '../machines/settings.ts';

export type Platform = 'auto' | 'linux' | 'xen' | 'esxi';

/** One storage controller VM, as configured. Addresses are dotted IPv4. */
export interface Scvm {
  readonly name: string;
  readonly local: boolean;
  readonly dataIp: string;
  readonly manageIp: string;
  /** Gateway instead of dataIp where RDMA is used; null otherwise. */
  readonly accessIp: string | null;
  /** null: no zones. */
  readonly zone: string | null;
}

export interface Config {
  readonly settings: Settings;
  readonly platform: Platform;
  readonly profile: 'conservative' | 'balanced' | 'fast';
  readonly scvms: readonly Scvm[];
  readonly probe: {
    /** ICMP payload of the small probe, bytes, 16..65507 (16: room for the cookie). */
    readonly payloadSize: number;
  };
  readonly service: { readonly port: number };
  readonly session: {
    readonly scheme: 'http' | 'https';
    readonly port: number;
    readonly timeoutMs: number;
    /** File that holds a bearer token, read at each start and reload; null: none. */
    readonly tokenFile: string | null;
    /** PEM file with the CA to trust for https; null: the system's. */
    readonly caFile: string | null;
  };
  readonly insight: {
    readonly enabled: boolean;
    readonly port: number;
    readonly path: string;
    readonly intervalMs: number;
  };
  readonly log: {
    readonly file: string;
    /** Symbolic link to `file`; null: none. */
    readonly link: string | null;
    readonly level: 'error' | 'warn' | 'info' | 'debug';
    readonly maxSize: number;
    readonly maxFiles: number;
  };
  readonly journal: {
    /** Size of one segment; the oldest segments go when there are more than `maxFiles`. */
    readonly maxSize: number;
    readonly maxFiles: number;
  };
  readonly stateDir: string;
  readonly lockFile: string;
  readonly control: {
    readonly socket: string;
    /** Loopback address and port of the console; null: off. */
    readonly http: { readonly host: string; readonly port: number } | null;
  };
}
