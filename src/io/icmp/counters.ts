/**
 * What the prober counts. All numbers only grow, from 0 at its creation. The kinds of unwanted
 * replies are kept apart because they point at different faults: `late` at slowness, `truncated`
 * and `badChecksum` at the network or a NIC, `forged` at an attack or an address conflict.
 */

export interface Counters {
  /** Probes that the kernel took. */
  sent: number;
  /** Valid replies in time; each made one PING_REPLIED. */
  replies: number;
  /** Each made one PING_LOST. */
  lost: number;
  /** Each made one PING_UNSENT. */
  unsent: number;
  /** Authentic replies to a probe that was already given up or thrown away. */
  late: number;
  /** Authentic replies to a probe that was already answered. */
  duplicate: number;
  /** Our id, but a wrong cookie, source, index, sequence or filler. */
  forged: number;
  /** Too short to hold what it must, or shorter than the probe. */
  truncated: number;
  badChecksum: number;
  /** Other programs' traffic: other ids, other types. */
  foreign: number;
  /** ICMP errors that quoted one of our probes; they only became hints. */
  icmpErrors: number;
  /** Probes thrown away without a verdict (stall, reload, broken socket). */
  discarded: number;
  /** How many of those because this process stood still. */
  discardedByStall: number;
  /** The socket was opened anew after it broke or fell silent. */
  socketReopened: number;
  /** Packets the kernel dropped because this socket's buffer was full, since it was opened. */
  overrun: number;
}

export function createCounters(): Counters {
  return {
    sent: 0,
    replies: 0,
    lost: 0,
    unsent: 0,
    late: 0,
    duplicate: 0,
    forged: 0,
    truncated: 0,
    badChecksum: 0,
    foreign: 0,
    icmpErrors: 0,
    discarded: 0,
    discardedByStall: 0,
    socketReopened: 0,
    overrun: 0,
  };
}
