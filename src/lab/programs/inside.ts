/**
 * The SCVM programs' side of the supervisor's channel. A program lives exactly as long as its
 * supervisor: when the channel closes, it exits.
 */

import { monotonicMs, type TruthEvent } from '../truth.ts';
import type { FromProgram, ProgramSettings, ToProgram } from '../wire.ts';

export interface Supervisor {
  readonly settings: ProgramSettings;
  say(message: FromProgram): void;
  /** Adds to the ground truth, stamped now. */
  tell(event: TruthEvent): void;
  onTold(listener: (message: ToProgram) => void): void;
}

export function connectSupervisor(): Supervisor {
  const settings: ProgramSettings = JSON.parse(process.argv[2] ?? '');
  const say = (message: FromProgram) => {
    if (process.connected) process.send?.(message);
  };
  process.on('disconnect', () => process.exit(0));
  return {
    settings,
    say,
    tell: (event) => say({ type: 'truth', atMs: monotonicMs(), event }),
    onTold: (listener) => process.on('message', listener),
  };
}
