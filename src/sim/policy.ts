/**
 * What steers the hosts of a run: the chart, or the numbers of the tool before it (old-tool.ts),
 * against which the chart is measured.
 */

/** The old tool's numbers, ms and counts. DOMAIN.md sections 2, 3 and 7. */
export interface OldToolNumbers {
  /** Pause between two rounds: loop of 2 to 3 s. */
  readonly loopMs: number;
  /** Wait for one ping: 1 to 2 s. */
  readonly pingTimeoutMs: number;
  /** Pings without an answer after which an address is dead; a single one had to be given up. */
  readonly pingTries: number;
  /** Age of the local session from which home is taken back, fixed. */
  readonly backToNormalMs: number;
  /** One route command, as a process of its own: delete, then add. */
  readonly commandMs: number;
}

export type Policy = 'chart' | OldToolNumbers;

export const OLD_TOOL: OldToolNumbers = {
  loopMs: 2000,
  pingTimeoutMs: 1000,
  pingTries: 2,
  backToNormalMs: 180_000,
  commandMs: 50,
};
