/**
 * Chromium for the tests of pages: Debian's package through playwright-core, with a profile of its
 * own that ends with it, and nothing that would talk to the outside by itself.
 */

import { type Browser, chromium } from 'playwright-core';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET });
