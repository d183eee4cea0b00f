/** What is marked on the drawn chart at one moment. */

export interface Lit {
  /** Active states of every region, outer ones too: `access.Degraded`, `access.Degraded.Doubting`. */
  readonly active: ReadonlySet<string>;
  /** The arrows taken in the step at the reader's place, as `from>to` of region and leaf. */
  readonly taken: readonly { readonly from: string; readonly to: string }[];
  /** Guards of transitions that could be taken now: state + guard -> does it hold? */
  readonly guards: ReadonlyMap<string, boolean>;
  /** Part of a timer that is left, by state, 1..0, and what is left in words. */
  readonly fuses: ReadonlyMap<string, { readonly part: number; readonly left: string }>;
}
