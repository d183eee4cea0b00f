/**
 * The faults a lab can be given, as data, and their one-line text form (`loss scvm1 storage 30%`).
 * Pure: names are checked against the cluster when the fault is carried out (hands.ts).
 */

import type { NetworkName } from './plan.ts';

/**
 * How the REST front of one SCVM misbehaves. garbage: 200 with bytes that are no JSON; hang:
 * accepts, never answers; html: 200 with a login page; reset: RST after the request; slow: a right
 * answer, one byte at a time; empty: EOK with an empty list; huge: a body without end; ok: none.
 */
export const REST_MODES = [
  'ok',
  'garbage',
  'hang',
  'html',
  'reset',
  'slow',
  'empty',
  'huge',
] as const;
export type RestMode = (typeof REST_MODES)[number];

/** `all` stands for the three networks of the node. */
export type Where = NetworkName | 'all';

export type Fault =
  /** Carrier off, processes killed, namespace gone: nothing says goodbye. */
  | { type: 'power-off'; scvm: string }
  | { type: 'power-on'; scvm: string }
  /** SIGKILL of the access process; the VM stays. */
  | { type: 'kill-access'; scvm: string }
  | { type: 'start-access'; scvm: string }
  /** SIGSTOP and SIGCONT: the port is open, nobody is at home. */
  | { type: 'freeze-access'; scvm: string }
  | { type: 'thaw-access'; scvm: string }
  /** Killed every `everyMs`, down for `downMs`; null: loop off, service started. */
  | { type: 'restart-loop'; scvm: string; everyMs: number | null; downMs: number }
  /** The cable is pulled: both ends lose carrier. */
  | { type: 'link-down'; node: string; network: Where }
  | { type: 'link-up'; node: string; network: Where }
  /** The cable is in, nothing passes. */
  | { type: 'isolate'; node: string; network: Where; on: boolean }
  | { type: 'loss'; node: string; network: Where; percent: number }
  /** Larger IP packets vanish in silence; 0: off. */
  | { type: 'mtu'; node: string; network: Where; bytes: number }
  | { type: 'leader-away'; forMs: number }
  | { type: 'rest'; scvm: string; mode: RestMode }
  | { type: 'delete-route'; host: string }
  /** `via` is an SCVM's name or an address; with `metric` a second entry beside ours. */
  | { type: 'foreign-route'; host: string; via: string; metric: number | null }
  | { type: 'duplicate'; scvm: string; on: boolean }
  /** Everything above undone. */
  | { type: 'heal' };

export type FaultType = Fault['type'];

/** Text forms, for help and error messages. */
export const FAULT_USAGE: Readonly<Record<FaultType, string>> = {
  'power-off': 'power-off SCVM',
  'power-on': 'power-on SCVM',
  'kill-access': 'kill-access SCVM',
  'start-access': 'start-access SCVM',
  'freeze-access': 'freeze-access SCVM',
  'thaw-access': 'thaw-access SCVM',
  'restart-loop': 'restart-loop SCVM EVERY DOWN | restart-loop SCVM off',
  'link-down': 'link-down NODE NETWORK',
  'link-up': 'link-up NODE NETWORK',
  isolate: 'isolate NODE NETWORK [off]',
  loss: 'loss NODE NETWORK PERCENT%',
  mtu: 'mtu NODE NETWORK BYTES|off',
  'leader-away': 'leader-away DURATION',
  rest: `rest SCVM ${REST_MODES.join('|')}`,
  'delete-route': 'delete-route HOST',
  'foreign-route': 'foreign-route HOST VIA [metric N]',
  duplicate: 'duplicate SCVM [off]',
  heal: 'heal',
};

/** The shortest text that parses to the same fault again. */
export function faultText(fault: Fault): string {
  switch (fault.type) {
    case 'restart-loop':
      return fault.everyMs === null
        ? `restart-loop ${fault.scvm} off`
        : `restart-loop ${fault.scvm} ${fault.everyMs}ms ${fault.downMs}ms`;
    case 'link-down':
    case 'link-up':
      return `${fault.type} ${fault.node} ${fault.network}`;
    case 'isolate':
      return `isolate ${fault.node} ${fault.network}${fault.on ? '' : ' off'}`;
    case 'loss':
      return `loss ${fault.node} ${fault.network} ${fault.percent}%`;
    case 'mtu':
      return `mtu ${fault.node} ${fault.network} ${fault.bytes === 0 ? 'off' : fault.bytes}`;
    case 'leader-away':
      return `leader-away ${fault.forMs}ms`;
    case 'rest':
      return `rest ${fault.scvm} ${fault.mode}`;
    case 'delete-route':
      return `delete-route ${fault.host}`;
    case 'foreign-route':
      return (
        `foreign-route ${fault.host} ${fault.via}` +
        (fault.metric === null ? '' : ` metric ${fault.metric}`)
      );
    case 'duplicate':
      return `duplicate ${fault.scvm}${fault.on ? '' : ' off'}`;
    case 'heal':
      return 'heal';
    default:
      return `${fault.type} ${fault.scvm}`;
  }
}
