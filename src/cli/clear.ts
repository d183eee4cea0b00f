/**
 * `reroute clear`: the only way to remove the controller's route. For hosts without load only: a
 * route that is not replaced within about 30 s makes guests retry their I/O (DOMAIN.md section 5).
 */

import { createInterface } from 'node:readline/promises';
import { monotonicClock } from '../io/clock.ts';
import { takeLock } from '../io/lock.ts';
import { openRoutes } from '../io/routes/open.ts';
import { loadConfig } from './load-config.ts';
import { DONE, fail, print, WRONG_USAGE } from './output.ts';

export async function clear(options: { config: string; yes: boolean }): Promise<number> {
  const loaded = await loadConfig(options.config);
  if (!loaded.ok) return fail(loaded.text, WRONG_USAGE);
  const { config } = loaded;
  const lock = takeLock(config.lockFile);
  if (!lock.ok)
    return fail(`a running daemon would put the route back; stop it first. ${lock.error}`);
  try {
    const { nfsIp } = config.settings;
    if (!options.yes && !process.stdin.isTTY) {
      return fail(
        'this removes the storage route; without a terminal say so with --yes',
        WRONG_USAGE,
      );
    }
    if (!options.yes && !(await confirmed(nfsIp))) return fail('nothing was removed');
    const routes = openRoutes(config.platform, {
      nfsIp,
      commandDeadlineMs: config.settings.switch.commandDeadlineMs,
      report: () => undefined,
      clock: monotonicClock(),
      watch: false,
    });
    const cleared = await routes.clear();
    routes.close();
    for (const entry of cleared.removed) print(`removed ${entry}`);
    if (!cleared.ok) return fail(cleared.error);
    if (cleared.removed.length === 0) print(`no entry of ours for ${nfsIp}`);
    return DONE;
  } finally {
    lock.release();
  }
}

async function confirmed(nfsIp: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question(
    `Remove the controller's route to ${nfsIp}? Guests with I/O will hang. Type yes: `,
  );
  lines.close();
  return answer.trim() === 'yes';
}
