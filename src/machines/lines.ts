/**
 * One order as one stable line for people: what the log, golden dialogues and timelines show.
 * Null for orders that only steer the probing or keep memory.
 */

import type { Order } from './orders.ts';

export function lineOf(order: Order): string | null {
  switch (order.type) {
    case 'NOTE_VERDICT':
      return `path ${order.path}: ${order.from} -> ${order.to}, ${order.reason}`;
    case 'NOTE_TRANSITION':
      return `${order.region}: ${order.from} -> ${order.to} on ${order.event}, ${order.reason}`;
    case 'NOTE_SWITCH':
      return `switched: ${order.from ?? 'no target'} -> ${order.to} (${order.kind}), ${order.reason}`;
    case 'NOTE_WOULD_SWITCH':
      return `would switch to ${order.to} (${order.kind}), ${order.reason}`;
    case 'RAISE_ALARM':
      return `alarm ${order.alarm}: ${order.reason}`;
    case 'CLEAR_ALARM':
      return `alarm ${order.alarm} cleared`;
    case 'SET_ROUTE':
      return `set route via ${order.gateway} (${order.path})`;
    case 'BREAK_CONNECTIONS':
      return `break connections to ${order.nfsIp}`;
    case 'REFRESH_RECORD':
      return `refresh record of ${order.uuid}: ${order.clientIps.join(' ')}`;
    default:
      return null;
  }
}
