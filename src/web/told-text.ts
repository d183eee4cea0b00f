/** What happened as a headline and its reason: for lists that people read, not for the log. */

import type { Told } from './shapes.ts';

export interface ToldText {
  readonly kind: 'state' | 'switch' | 'would switch' | 'verdict' | 'alarm' | 'alarm over';
  readonly head: string;
  /** With its numbers; empty: there is none. */
  readonly reason: string;
}

export function toldText(told: Told): ToldText {
  const { reason } = told;
  switch (told.type) {
    case 'NOTE_TRANSITION': {
      const head = `${told.region}: ${told.from} → ${told.to}`;
      return { kind: 'state', head, reason };
    }
    case 'NOTE_SWITCH': {
      const head = `Switched: ${told.from ?? 'no target'} → ${told.to} (${told.kind})`;
      return { kind: 'switch', head, reason };
    }
    case 'NOTE_WOULD_SWITCH':
      return { kind: 'would switch', head: `Would switch to ${told.to} (${told.kind})`, reason };
    case 'NOTE_VERDICT':
      return { kind: 'verdict', head: `${told.path}: ${told.from} → ${told.to}`, reason };
    case 'RAISE_ALARM':
      return { kind: 'alarm', head: `Alarm ${spaced(told.alarm)}`, reason };
    case 'CLEAR_ALARM':
      return { kind: 'alarm over', head: `Alarm ${spaced(told.alarm)} is over`, reason: '' };
  }
}

const spaced = (name: string): string => name.replaceAll('_', ' ');
