/**
 * The lab's own times, all ms. The defaults are those of the product (DOMAIN section 2); tests
 * shorten them. They describe the cluster under the controller, never the controller itself.
 */

export interface LabTimings {
  /** An access service sends a session heartbeat this often. */
  readonly heartbeatMs: number;
  /** A session without an answered heartbeat for this long has lost its lease. */
  readonly leaseMs: number;
  /** A follower without a leader serves for this long after its lease, then gives up. */
  readonly jeopardyMs: number;
  /** The leader keeps a lapsed session in its list, not alive, for this long. */
  readonly graceMs: number;
  /** Until another leader stands after the old one went away by itself. */
  readonly electionMs: number;
  /** From power-on to running services. */
  readonly bootMs: number;
  /** How long the toy disk takes to answer a request. */
  readonly answerMs: number;
  /** How long the REST front waits for the leader. */
  readonly forwardMs: number;
}

export const LAB_TIMINGS: LabTimings = {
  heartbeatMs: 1500,
  leaseMs: 7000,
  jeopardyMs: 30_000,
  graceMs: 30_000,
  electionMs: 3000,
  bootMs: 1000,
  answerMs: 20,
  forwardMs: 3000,
};
