/**
 * Another machine that uses an SCVM's address (DOMAIN.md section 3, `arp: .. is using my IP
 * address`). Whoever answered ARP last gets this host's frames, for some seconds each. It answers
 * pings as well as the SCVM does, but no NFS; so it disturbs what is believed of the path, and hides
 * that the SCVM is dead.
 */

import type { Conditions, Stranger } from './conditions.ts';
import type { Queue, Timer } from './queue.ts';
import type { Random } from './random.ts';

/** Mean time between two claims of the address. Assumed: ARP entries are refreshed in seconds. */
const CLAIM_MS = 4000;

export interface Duplicates {
  begin(path: string, answers: Stranger['answers']): void;
  end(path: string): void;
  endAll(): void;
}

/** `change`: the world changes. `seen`: the host's watch over ARP saw two machines claim it. */
export function createDuplicates(
  w: Conditions,
  queue: Queue,
  random: Random,
  change: (act: () => void) => void,
  seen: (path: string) => void,
): Duplicates {
  const claims = new Map<string, Timer>();

  function claim(path: string): void {
    const stranger = w.strangers.get(path);
    if (!stranger) return;
    change(() => {
      stranger.hasAddress = !stranger.hasAddress;
    });
    claims.get(path)?.set(queue.nowMs() + random.exponentialMs(CLAIM_MS));
    seen(path);
  }

  function end(path: string): void {
    claims.get(path)?.clear();
    w.strangers.delete(path);
  }

  return {
    begin(path, answers) {
      if (!claims.has(path))
        claims.set(
          path,
          queue.timer(() => claim(path)),
        );
      w.strangers.set(path, { answers, hasAddress: false });
      claim(path);
    },
    end,
    endAll() {
      for (const path of [...w.strangers.keys()]) end(path);
    },
  };
}
