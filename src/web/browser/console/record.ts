/** The session record at the leader: is this host known there, and if not, since when and why. */

import type { Scene } from '../../shapes.ts';
import { byId, h, keyed, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { span } from './words.ts';

type Fact = readonly [string, string];

export function createRecord(): (shown: Shown) => void {
  const facts = keyed<Fact>(
    byId('record-facts'),
    ([name]) => name,
    ([name]) => h('div', '', h('dt', '', name), h('dd')),
  );
  return ({ scene, regions }) => {
    setText(byId('record-says'), scene ? saying(scene) : (regions.record ?? ''));
    facts(scene ? factsOf(scene) : [], (at, [, value]) =>
      setText(at.querySelector('dd') ?? at, value),
    );
  };
}

function saying({ status }: Scene): string {
  const { owedSinceMs, error } = status.sessionRecord;
  switch (status.record) {
    case 'Current':
      return 'The leader knows this host’s addresses.';
    case 'Asking':
      return 'Being refreshed at the leader.';
    case 'Retrying': {
      const owed = owedSinceMs === null ? '' : ` for ${span(status.atMs - owedSinceMs)}`;
      return `Not acknowledged${owed}: ${error}. It is asked again.`;
    }
    default:
      return status.shadow ? 'Shadow: nothing is written.' : 'No local session is listed.';
  }
}

function factsOf({ status }: Scene): Fact[] {
  const { uuid, clientIps, acked, refusals } = status.sessionRecord;
  return [
    ['Session', uuid ?? 'none'],
    ['Addresses', clientIps.join(', ') || 'not known yet'],
    ['Acknowledged', acked === '' ? 'nothing yet' : acked.split(' ').slice(1).join(', ')],
    ...(refusals > 0 ? [['Refusals in a row', String(refusals)] as const] : []),
  ];
}
