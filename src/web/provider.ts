/**
 * What the console's server asks of whoever runs it. The daemon is one provider
 * (src/daemon/console.ts); a test can be another. Every call but those that return a promise is
 * made from the daemon's own loop and must be quick.
 */

import type { Entry, Hello, Scene, Traffic, TrafficStep, WishAnswer } from './shapes.ts';

/** What a stream is told about. Called from the loop: implementations only take note. */
export interface Listener {
  /** Something that a person looks at changed. */
  changed(): void;
  told(entries: readonly Entry[]): void;
  second(step: TrafficStep): void;
}

export interface PinWish {
  /** A path, an SCVM, or any of its addresses. */
  readonly target: string;
  /** Ends by itself after this, ms. */
  readonly for_ms?: number;
  readonly failsafe?: boolean;
}

export interface Provider {
  hello(): Omit<Hello, 'build' | 'canSteer' | 'steerSays'>;
  scene(): Scene;
  traffic(): Traffic;
  /** Returns what ends it. Without a listener the provider does nothing at all. */
  listen(listener: Listener): () => void;
  /** A `Timeline` as JSON text. */
  timeline(): Promise<string>;
  /** A `Moment` as JSON text. `signal`: nobody waits for it any more. */
  moment(wallMs: number, signal: AbortSignal): Promise<string>;
  pin(wish: PinWish): WishAnswer;
  release(): WishAnswer;
  pause(): WishAnswer;
  resume(): WishAnswer;
}
