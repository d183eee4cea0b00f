/**
 * What goes between the daemon and the console's page, both ways: server-sent events (WHATWG HTML,
 * section 9.2), answers to GET, and answers to the four wishes. Shapes only. Times called `wallMs`
 * are ms since 1970; times called `atMs` or `dueAtMs` are on the daemon's monotonic clock, and a
 * page ties the two together by the pair that each scene carries.
 */

import type { Move, Status } from '../machines/explain.ts';
import type { PathId, Verdict } from '../machines/model.ts';
import type { AlarmName, Order, Region } from '../machines/orders.ts';

/** First event of each stream: who speaks. */
export interface Hello {
  /** Differs from one start of the daemon to the next. */
  readonly instance: string;
  /** Hash of the page's files: an open page of another build is out of date. */
  readonly build: string;
  readonly version: string;
  readonly pid: number;
  readonly startedWallMs: number;
  /** False: nothing can be steered from here; `steerSays` says why. */
  readonly canSteer: boolean;
  readonly steerSays: string;
}

/** A running `after` of the chart. */
export interface RunningTimer {
  /** The state it belongs to, as the pictures name it: `access.BackToNormal.Holding`. */
  readonly state: string;
  /** Its delay's name: `holdLeft`. */
  readonly name: string;
  readonly dueAtMs: number;
}

export interface NotedLine {
  readonly wallMs: number;
  readonly line: string;
}

/** Everything that is known of one moment, live or replayed. */
export interface Scene {
  readonly wallMs: number;
  /** `status.atMs` is the same moment on the monotonic clock. */
  readonly status: Status;
  readonly timers: readonly RunningTimer[];
  readonly moves: readonly Move[];
  /** The last switch from the first doubt on, and what was noted since. */
  readonly chain: readonly NotedLine[];
  readonly since: readonly NotedLine[];
}

/** Answers to probes, three columns of one length. Numbers, not objects: there are many. */
export interface Answers {
  /** Mean round-trip time, ms; null: no reply. */
  readonly rttMs: readonly (number | null)[];
  readonly replies: readonly number[];
  readonly losses: readonly number[];
}

/** Once a second: the second that ended, one place per path in the order of `paths`. */
export interface TrafficStep extends Answers {
  /** Whole seconds of the monotonic clock. */
  readonly second: number;
  readonly paths: readonly PathId[];
}

/** What is kept: one place per second from `firstSecond` on, also for seconds without anything. */
export interface Traffic {
  readonly firstSecond: number;
  readonly byPath: Readonly<Record<PathId, Answers>>;
}

/** What happened, as the history tells it. */
export type Told = Extract<
  Order,
  {
    type:
      | 'NOTE_TRANSITION'
      | 'NOTE_SWITCH'
      | 'NOTE_WOULD_SWITCH'
      | 'NOTE_VERDICT'
      | 'RAISE_ALARM'
      | 'CLEAR_ALARM';
  }
>;

export type Entry = Told & { readonly wallMs: number; readonly atMs: number };

/** Where everything stood when a stretch of the journal began. */
export interface Base {
  readonly regions: Readonly<Partial<Record<Region, string>>>;
  readonly target: PathId | null;
  readonly verdicts: Readonly<Record<PathId, Verdict>>;
  readonly alarms: readonly AlarmName[];
}

/** A stretch of the journal without a break: everything in it follows from its base. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** `fromMs` on the monotonic clock of then: the wall clock may have been set since. */
  readonly fromAtMs: number;
  /** A daemon began here; false: it only went on in a new segment or after a gap. */
  readonly isStart: boolean;
  readonly base: Base;
  readonly entries: readonly Entry[];
}

/** Times of which nothing is known, with the reason in words. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: 'no daemon' | 'lost' | 'broken';
  readonly says: string;
}

/** The past as far as the journal reaches back, at most 24 h. Times are wall-clock ms. */
export interface Timeline {
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly Gap[];
  /** Entries before this were left out because there are too many; null: none. */
  readonly cutBeforeMs: number | null;
  /** Monotonic time of the newest line: what a stream tells after it is not in here. */
  readonly toAtMs: number;
}

/** One moment of the past, replayed through the decision itself. */
export type Moment =
  | {
      readonly ok: true;
      readonly scene: Scene;
      readonly traffic: Traffic;
      /** Why it may be off; empty: it is exact. */
      readonly doubt: string;
    }
  | { readonly ok: false; readonly says: string };

export type WishAnswer =
  | { readonly ok: true; readonly says: string }
  | { readonly ok: false; readonly code: string; readonly says: string };

/** Events of the stream, by name. */
export interface StreamEvents {
  readonly hello: Hello;
  readonly scene: Scene;
  readonly traffic: TrafficStep;
  readonly told: readonly Entry[];
  /** This reader was too slow and missed entries: ask for the timeline again. */
  readonly missed: null;
}
