/**
 * Ready stories: what goes wrong in production, as scripts to play and to change. Each says what to
 * look for.
 */

import { type Cue, empty, type Script } from './script.ts';

export interface Story {
  readonly id: string;
  readonly title: string;
  /** What happens and what to look for, one sentence each. */
  readonly says: string;
  readonly script: Script;
}

const S = 1000;

/** `10s power scvm1 off` */
const cue = (atS: number, line: string): Cue => ({ atMs: atS * S, line });

const story = (
  id: string,
  title: string,
  says: string,
  untilS: number,
  ...cues: readonly Cue[]
): Story => ({ id, title, says, script: { ...empty, cues, untilMs: untilS * S } });

/** The access process of the local SCVM restarts again and again: up for 200 s, down for 20 s. */
const loop: readonly Cue[] = [10, 230, 450, 670].flatMap((at) => [
  cue(at, 'service scvm1 refused'),
  cue(at + 20, 'service scvm1 up'),
]);

export const stories: readonly Story[] = [
  story(
    'power-off',
    'Power-off',
    'scvm1 loses power at 10 s. The route leaves it within a second; after power returns, home must be well for the whole hold.',
    232,
    cue(10, 'power scvm1 off'),
    cue(40, 'power scvm1 on'),
  ),
  story(
    'access-killed',
    'Access service killed',
    'The VM still answers pings, but nobody serves NFS: refused is proof in one round trip, and after service_hold the route moves.',
    225,
    cue(10, 'service scvm1 refused'),
    cue(30, 'service scvm1 up'),
  ),
  story(
    'restart-loop',
    'Restart loop',
    'Up for 200 s, down for 20 s, again and again. The first return is undone at once; then the hold grows, and the flapping ends.',
    2160,
    ...loop,
  ),
  story(
    'storage-lost',
    'Storage network lost',
    'All storage paths die at once: the management network is the last resort, and is left again as soon as storage is back.',
    270,
    cue(10, 'cut storage on'),
    cue(70, 'cut storage off'),
  ),
  story(
    'leader-away',
    'Leader away',
    'Nobody gives a session list for 60 s. Could not ask is never a no: nothing moves.',
    90,
    cue(10, 'leader away'),
    cue(70, 'leader here'),
  ),
  story(
    'all-dark',
    'Everything dark',
    'A closed firewall on the host makes every path look dead: the host suspects itself, keeps the route and raises an alarm.',
    60,
    cue(10, 'firewall on'),
    cue(40, 'firewall off'),
  ),
];
