/**
 * Ground truth in words: the lines of the timeline that `reroute lab` prints.
 */

import type { Truth } from './truth.ts';

/** Right-aligned seconds with ms. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3).padStart(9)}s`;
}

/** The events worth a line in a timeline; null: too many or said elsewhere. */
export function sayTruth(event: Truth): string | null {
  switch (event.type) {
    case 'leader':
      return `leader: ${event.scvm ?? 'nobody'}`;
    case 'route':
      return `${event.host}: route ${event.change}`;
    case 'session':
      return `session of ${event.scvm} ${event.uuid.slice(0, 8)}: ${event.state} (says ${event.by})`;
    case 'process':
      return `${event.what}: ${event.state}`;
    case 'login':
      return `${event.host ?? event.client} logs in to ${event.scvm} from ${event.client}`;
    case 'revoked':
      return event.dropped > 0
        ? `${event.scvm} drops ${event.dropped} of ${event.clients.join(', ')}`
        : null;
    case 'record':
      return `record for ${event.scvm ?? event.uuid}: ${event.clientIps.join(', ')}: ${event.ec}`;
    case 'client':
      return event.event === 'answered'
        ? null
        : `client on ${event.host}: ${event.event} ${event.server ?? ''}` +
            (event.gapMs === null ? '' : ` after ${event.gapMs} ms`);
    default:
      return null;
  }
}
