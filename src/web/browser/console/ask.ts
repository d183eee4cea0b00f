/** One question to the daemon over HTTP, answered with JSON; throws what it says went wrong. */

export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, signal ? { signal } : {});
  const body: unknown = await answer.json();
  if (answer.ok) return body as T;
  throw new Error((body as { says?: string }).says ?? `status ${answer.status}`);
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
