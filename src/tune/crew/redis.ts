/**
 * Connections to Redis that say plainly when it cannot be reached, and afterwards never give up:
 * a Redis that goes away comes back, and what was finished by then is kept elsewhere.
 */

import { Redis } from 'ioredis';

export type Say = (text: string) => void;

const CONNECT_MS = 5000;
const RETRY_MS = 1000;

/** Without its password. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  return url.toString();
}

/** What is wrong with a `--queue`; null if nothing. */
export function urlProblem(text: string): string | null {
  const remedy = 'write redis://host:6379, or rediss:// for TLS';
  if (!URL.canParse(text)) return `"${text}" is no URL: ${remedy}`;
  const { protocol } = new URL(text);
  const isRedis = protocol === 'redis:' || protocol === 'rediss:';
  return isRedis ? null : `"${protocol}//" is not Redis: ${remedy}`;
}

/** Rejects when it cannot be reached or used now. Later losses are told once each, and waited out. */
export async function openRedis(url: string, say: Say): Promise<Redis> {
  let isOpen = false;
  let isAway = false;
  let reason = '';
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // Commands wait for the connection instead of failing; BullMQ asks for this as well.
    maxRetriesPerRequest: null,
    retryStrategy: () => (isOpen ? RETRY_MS : null),
  });
  redis.on('error', (error: Error) => {
    reason = error.message || String(error);
  });
  redis.on('close', () => {
    if (!isOpen || isAway) return;
    isAway = true;
    say(`${shownUrl(url)} went away: waiting for it; finished work is kept`);
  });
  redis.on('ready', () => {
    if (isAway) say(`${shownUrl(url)} is back`);
    isAway = false;
  });
  try {
    await redis.connect();
    await redis.ping();
    isOpen = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const why = reason || (error instanceof Error ? error.message : String(error));
    throw new Error(
      `${shownUrl(url)} cannot be used: ${why}. Start Redis there, or leave --queue away`,
      {
        cause: error,
      },
    );
  }
}

/** Without the word of a loss that this would otherwise be. */
export function closeRedis(redis: Redis): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}
