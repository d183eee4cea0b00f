/**
 * The storage client of one host: a hypervisor that has mounted its datastore from the NFS address
 * and writes all the time. It knows nothing of daemons and verdicts; it feels the truth (way.ts):
 * where its packets go, whether anybody answers, and whether its connections are broken for it.
 *
 * Event driven: it looks when the world, the table or the wires change, and sets itself a time only
 * when somebody would answer then. A quiet month costs nothing. What takes how long, and from
 * where that is known, stands in client-times.ts. Its chance is a stream of its own.
 */

import {
  drawPortStallMs,
  drawRtoMs,
  LINGER_MS,
  nextRefusedTryMs,
  nextRepeatMs,
  nextSynMs,
  nextUnansweredMs,
  PORT_STALL_RATIO,
  RECONNECT_MS,
  UNANSWERED_RATIO,
} from './client-times.ts';
import { type Conditions, scvmOf } from './conditions.ts';
import type { Queue } from './queue.ts';
import type { Random } from './random.ts';
import { rttOf, type Sight, type Way } from './way.ts';
import type { Weather } from './weather.ts';

/** What a client feels, told as it happens. */
export interface OnClient {
  /** I/O stands still from now on. */
  stood(): void;
  /** I/O flows again. */
  flowed(way: Way): void;
  /** The route came back to an SCVM whose sockets of before may linger. */
  exposed(): void;
  /** The reused source port met such a socket. */
  portStalled(): void;
}

export interface Client {
  /** The truth may have changed. */
  look(sight: Sight): void;
  /** Every TCP connection of this host to the NFS address was aborted. */
  broken(sight: Sight): void;
  /** Does I/O flow? */
  isFlowing(): boolean;
}

/** A TCP connection, with the life of the process at its far end. */
interface Link {
  readonly key: string;
  readonly life: number;
}

type Phase =
  | { readonly is: 'flowing'; readonly link: Link }
  /** Nothing comes back. `asks`: TCP has something to repeat; if not, the RPC timeout has. */
  | {
      readonly is: 'waiting';
      readonly link: Link;
      readonly fromMs: number;
      readonly rtoMs: number;
      readonly asks: boolean;
      /** The process hung: it answers as soon as it goes on. */
      readonly hung: boolean;
    }
  /** A connection comes to stand, or its reused port is stuck, until `untilMs`. */
  | { readonly is: 'arriving'; readonly link: Link; readonly untilMs: number }
  /** No connection; it is tried again and again. */
  | { readonly is: 'trying'; readonly after: 'silence' | 'refusal'; readonly fromMs: number };

export function createClient(
  w: Conditions,
  queue: Queue,
  weather: Weather,
  random: Random,
  tell: OnClient,
  see: () => Sight,
): Client {
  const bornMs = queue.nowMs();
  const timer = queue.timer(act);
  let phase: Phase = { is: 'trying', after: 'silence', fromMs: bornMs };
  let flows = false;
  /** Where the packets went when last looked. */
  let place = '';
  /** When the route left a far end that still had a socket. */
  const leftAtMs = new Map<string, number>();
  /** Until then a connection meets a lingering socket on its port; null: it does not. */
  let stuckUntilMs: number | null = null;
  let isStuckTold = false;

  const now = (): number => queue.nowMs();
  const keyOf = ({ scvm, network }: Way): string => `${scvm} ${network}`;
  const linkTo = (way: Way): Link => ({
    key: keyOf(way),
    life: scvmOf(w.cluster, way.scvm).life,
  });
  const isSame = (link: Link, way: Way): boolean => {
    const is = linkTo(way);
    return link.key === is.key && link.life === is.life;
  };

  function enter(next: Phase, way: Way | null = null): void {
    timer.clear();
    phase = next;
    if (next.is === 'flowing') {
      flows = true;
      if (way) tell.flowed(way);
    } else if (flows) {
      flows = false;
      tell.stood();
    }
    if (next.is === 'arriving') timer.set(next.untilMs);
  }

  /** A connection is opened, and somebody is there to take it. */
  function connect(way: Way): void {
    const soonMs = now() + RECONNECT_MS + rttOf(way, weather);
    const isStuck = stuckUntilMs !== null && stuckUntilMs > soonMs;
    if (isStuck && !isStuckTold) tell.portStalled();
    isStuckTold ||= isStuck;
    enter({ is: 'arriving', link: linkTo(way), untilMs: Math.max(soonMs, stuckUntilMs ?? 0) });
  }

  /** No connection any more: a new one is opened. */
  function reset({ way, answer }: Sight): void {
    if (way && answer === 'serves') connect(way);
    else if (way && answer === 'hangs') wait(linkTo(way), true, false);
    else
      enter({ is: 'trying', after: answer === 'refuses' ? 'refusal' : 'silence', fromMs: now() });
  }

  function wait(link: Link, hung: boolean, asks: boolean): void {
    enter({ is: 'waiting', link, fromMs: now(), rtoMs: drawRtoMs(random), asks, hung });
  }

  /** The connection that stood, or was about to, is worth nothing as things are now. */
  function lose(link: Link, sight: Sight): void {
    if (sight.answer === 'drops') wait(link, false, !random.chance(UNANSWERED_RATIO));
    else if (sight.answer === 'hangs' && sight.way && isSame(link, sight.way))
      wait(link, true, false);
    // Whoever answers does not know the connection, and says so by an RST.
    else reset(sight);
  }

  /** When the client next does something that is answered; null: nobody would answer. */
  function nextMs({ way, answer }: Sight): number | null {
    if (phase.is === 'waiting') {
      const { link, fromMs, rtoMs, asks, hung } = phase;
      if (!way || answer === 'drops') return null;
      const known = isSame(link, way);
      if (known && answer === 'hangs') return null;
      // The far end repeats its answer at its own back-off, which began at the same time.
      if (known && answer === 'serves')
        return hung ? now() + rttOf(way, weather) : nextRepeatMs(fromMs, rtoMs, now());
      return (asks ? nextRepeatMs : nextUnansweredMs)(fromMs, rtoMs, now());
    }
    if (phase.is !== 'trying') return null;
    const { after, fromMs } = phase;
    if (after === 'silence') return answer === 'drops' ? null : nextSynMs(fromMs, now());
    return answer === 'refuses' ? null : nextRefusedTryMs(fromMs, now());
  }

  function plan(sight: Sight): void {
    if (phase.is !== 'waiting' && phase.is !== 'trying') return;
    const atMs = nextMs(sight);
    if (atMs === null) timer.clear();
    else timer.set(atMs);
  }

  function act(): void {
    const sight = see();
    const { way, answer } = sight;
    if (phase.is === 'arriving') enter({ is: 'flowing', link: phase.link }, way);
    else if (phase.is === 'waiting' && way && answer === 'serves' && isSame(phase.link, way)) {
      enter({ is: 'flowing', link: phase.link }, way);
    } else reset(sight);
    plan(sight);
  }

  /** The route may have left a far end, or come back to one. */
  function follow(way: Way | null): void {
    const is = way ? keyOf(way) : '';
    if (is === place) return;
    if (phase.is !== 'trying' && phase.link.key === place) leftAtMs.set(place, now());
    place = is;
    stuckUntilMs = null;
    isStuckTold = false;
    const left = leftAtMs.get(is);
    if (!way || left === undefined || now() - left >= LINGER_MS) return;
    // A machine that was switched on since knows of no sockets.
    if (scvmOf(w.cluster, way.scvm).bootedAtMs > left) return;
    tell.exposed();
    if (random.chance(PORT_STALL_RATIO)) stuckUntilMs = now() + drawPortStallMs(random);
  }

  function look(sight: Sight): void {
    const { way, answer } = sight;
    if (now() === bornMs) {
      mount(sight);
      return;
    }
    follow(way);
    if (phase.is === 'flowing' || phase.is === 'arriving') {
      if (way && answer === 'serves' && isSame(phase.link, way)) return;
      lose(phase.link, sight);
    }
    plan(sight);
  }

  /** Before time passes nothing was left and nothing is felt. */
  function mount({ way, answer }: Sight): void {
    place = way ? keyOf(way) : '';
    if (way && answer === 'serves') enter({ is: 'flowing', link: linkTo(way) }, way);
    else enter({ is: 'trying', after: 'silence', fromMs: bornMs });
  }

  mount(see());
  return {
    look,
    broken(sight) {
      // In the pause after a refusal there is no socket to abort.
      if (phase.is !== 'trying' || phase.after === 'silence') reset(sight);
      plan(sight);
    },
    isFlowing: () => flows,
  };
}
