/**
 * Real Chromium for tests: Debian's package, driven by playwright-core, with a profile of its own
 * and nothing of its own to say to a network. It can run inside a network namespace. Every request
 * of every page is recorded, and whatever a page complains about.
 */

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A page that is not there after this is broken; nothing here measures time. */
export const WITHIN_MS = 20_000;

export interface TestBrowser {
  /** A page in a context of its own: another reader, with nothing kept. */
  page(options?: BrowserContextOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** URLs asked for, in order. */
  readonly requests: readonly string[];
  /** Errors that the page threw or wrote to its console; a lost connection is not one. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** `namespace`: the network namespace that the browser runs in; absent: this process's own. */
export async function openBrowser(namespace?: string): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'rr-chromium-'));
  const executablePath = namespace === undefined ? CHROMIUM : inside(namespace, folder);
  const browser = await chromium.launch({ executablePath, args: ARGS, timeout: WITHIN_MS });
  return {
    async page(options = {}) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(WITHIN_MS);
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      context.on('request', (request) => requests.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        const lost = /net::ERR_(CONNECTION|INCOMPLETE|EMPTY|NETWORK)/.test(message.text());
        if (message.type() === 'error' && !lost) complaints.push(message.text());
      });
      return { page, context, requests, complaints, close: () => context.close() };
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The driver talks over inherited pipes, which `ip netns exec` passes on. */
function inside(namespace: string, folder: string): string {
  assert.match(namespace, /^[\w-]+$/);
  const file = join(folder, 'chromium');
  writeFileSync(file, `#!/bin/sh\nexec ip netns exec ${namespace} ${CHROMIUM} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** No request went to anything but this origin; `data:` stays in the page. */
export function assertOnly(origin: string, { requests }: TestPage): void {
  const foreign = requests.filter(
    (url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'),
  );
  assert.deepEqual(foreign, []);
  assert.ok(requests.length > 0, 'no request was recorded at all');
}
