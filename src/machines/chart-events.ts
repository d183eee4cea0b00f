/**
 * What the chart itself hears. `decide` folds raw facts into beliefs and tells the chart only what
 * can matter: PROBE, SESSION and TICK carry the paths as they are judged now; facts about the
 * route, the record and the operator pass as they came; the last group the chart raises itself.
 */

import type { Fact } from './events.ts';
import type { PathView } from './model.ts';

/** Evidence: the views of all paths, and what the session record needs to know. */
export interface Evidence {
  readonly atMs: number;
  readonly paths: readonly PathView[];
  readonly localUuid: string | null;
  readonly clientIps: readonly string[];
}

type Passed = Extract<
  Fact,
  {
    type:
      | 'ROUTE_READ'
      | 'ROUTE_UNREADABLE'
      | 'ROUTE_REFUSED'
      | 'CONNECTIONS_BROKEN'
      | 'CONNECTIONS_KEPT'
      | 'RECORD_ACKNOWLEDGED'
      | 'RECORD_REFUSED'
      | 'PIN_ASKED'
      | 'RELEASE_ASKED'
      | 'PAUSE_ASKED'
      | 'RESUME_ASKED'
      | 'RELOADED';
  }
>;

export type ChartEvent =
  /** A ping, service or link signal changed a view. */
  | ({ readonly type: 'PROBE' } & Evidence)
  /** A session list changed a view, or the local session. */
  | ({ readonly type: 'SESSION' } & Evidence)
  /** Time changed a view, or a deadline was reached. */
  | ({ readonly type: 'TICK' } & Evidence)
  /** The daemon began: pin and pause of the last run hold again. */
  | { readonly type: 'START' }
  | Passed
  /** Raised: evidence was folded in; every region may look again. */
  | { readonly type: 'JUDGED' }
  /** Raised: a goal was set. */
  | { readonly type: 'SWITCH' }
  /** Raised: the target (as read back) or the settings changed. */
  | { readonly type: 'MOVED' }
  /** Raised: the session record must be refreshed now. */
  | { readonly type: 'RECORD_WANTED' };
