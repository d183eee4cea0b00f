/**
 * Ground truth: what really happened in the lab, from inside the SCVMs and the switch, to compare
 * with what a controller believed. Kept as an array (bounded, oldest first out) and as an NDJSON
 * file. It records; nobody decides anything from it.
 */

import { EventEmitter } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';

export type SessionState = 'new' | 'alive' | 'lapsed' | 'removed' | 'jeopardy' | 'expired';

export type ClientEvent = 'connected' | 'moved' | 'answered' | 'gap' | 'broken';

export type TruthEvent =
  /** A part of the lab started or stopped: `scvm1 access`, `scvm1 power`, … */
  | { type: 'process'; what: string; state: string }
  /** Who leads; null: nobody. */
  | { type: 'leader'; scvm: string | null }
  | { type: 'fault'; fault: string; did: string }
  /** `by` is the SCVM that says so: the leader, or the follower itself. */
  | { type: 'session'; by: string; scvm: string; uuid: string; state: SessionState }
  | { type: 'login'; scvm: string; host: string | null; client: string; recorded: boolean }
  | { type: 'revoked'; scvm: string; clients: readonly string[]; dropped: number }
  /** Requests answered to one client in fromMs..toMs, at most about 250 ms apart. */
  | {
      type: 'served';
      scvm: string;
      host: string | null;
      client: string;
      fromMs: number;
      toMs: number;
      answered: number;
    }
  /** A PUT of client addresses reached the leader. */
  | { type: 'record'; uuid: string; scvm: string | null; clientIps: readonly string[]; ec: string }
  | { type: 'heartbeat'; at: string; hypervisorIp: string; nfsTargetIp: string; ttl: number }
  /** The kernel's notification of a change of a host's route to the NFS address. */
  | { type: 'route'; host: string; change: string }
  /** A lab client's own report. */
  | {
      type: 'client';
      host: string;
      event: ClientEvent;
      server: string | null;
      gapMs: number | null;
    };

/** Stamped with CLOCK_MONOTONIC in ms: comparable between all processes of one boot. */
export type Truth = TruthEvent & { readonly atMs: number };

export interface TruthLog {
  readonly events: readonly Truth[];
  add(event: TruthEvent, atMs?: number): void;
  /** Emits `truth` with one Truth. */
  readonly emitter: EventEmitter<{ truth: [Truth] }>;
  /** The first event, past or future, that fits; rejects after `withinMs`. */
  next(fits: (event: Truth) => boolean, withinMs: number): Promise<Truth>;
  close(): void;
}

const MAX_EVENTS = 100_000;
const MAX_FILE_BYTES = 256 << 20;

/** CLOCK_MONOTONIC in ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

export function openTruthLog(file: string): TruthLog {
  const fd = openSync(file, 'w', 0o600);
  const events: Truth[] = [];
  const emitter = new EventEmitter<{ truth: [Truth] }>();
  emitter.setMaxListeners(0);
  let written = 0;
  let open = true;
  return {
    events,
    emitter,
    add(event, atMs = monotonicMs()) {
      const truth = { atMs, ...event };
      events.push(truth);
      if (events.length > MAX_EVENTS) events.splice(0, MAX_EVENTS / 10);
      const line = `${JSON.stringify(truth)}\n`;
      written += line.length;
      if (open && written < MAX_FILE_BYTES) writeSync(fd, line);
      emitter.emit('truth', truth);
    },
    next(fits, withinMs) {
      const past = events.find(fits);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const done = () => {
          clearTimeout(timer);
          emitter.off('truth', look);
        };
        const look = (event: Truth) => {
          if (!fits(event)) return;
          done();
          resolve(event);
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`no such event within ${withinMs} ms`));
        }, withinMs);
        emitter.on('truth', look);
      });
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}
