/**
 * The first card: the state in one word, what that means right now in one sentence, what is waited
 * for with its countdown, and the facts an operator checks first.
 */

import type { Scene } from '../../shapes.ts';
import { byId, h, keyed, setAttribute, setHidden, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { age, clockTime, countdown, readable, STATE_WORDS, span, topOf } from './words.ts';

type Fact = readonly [string, string, string];

export interface NowCard {
  /** `sinceMs`: wall-clock time at which the state was entered; null: before what is known. */
  show(shown: Shown, sinceMs: number | null): void;
  /** Called often: moves what counts down. */
  tick(shown: Shown): void;
}

export function createNow(): NowCard {
  const state = byId('state');
  // Not the whole page: a state that changes with each step of a scrub would style all of it anew.
  const coloured = document.querySelectorAll('.coloured');
  const saying = byId('saying');
  const wait = byId('wait');
  const facts = keyed<Fact>(
    byId('facts'),
    ([name]) => name,
    ([name]) => h('div', '', h('dt', '', name), h('dd', '', h('span'), h('small'))),
  );

  return {
    show(shown, sinceMs) {
      const access = shown.regions.access;
      const word = access ? topOf(access) : '';
      setText(state, STATE_WORDS[word] ?? (shown.unknownSays ? 'Nothing is known' : '…'));
      for (const part of coloured) setAttribute(part, 'data-state', word);
      const since =
        sinceMs === null ? '' : `for ${span(shown.wallMs - sinceMs)}, since ${clockTime(sinceMs)}`;
      setText(byId('since'), since);
      setText(byId('steering'), steeringText(shown));
      setText(saying, readable(sentence(shown)));
      facts(shown.scene ? factsOf(shown.scene) : [], (at, [, value, more]) => {
        setText(at.querySelector('span') ?? at, value);
        setText(at.querySelector('small') ?? at, more);
      });
    },
    tick(shown) {
      const left = shown.scene ? waitOf(shown.scene, shown.atMs()) : null;
      setHidden(wait, left === null);
      if (left === null) return;
      setText(byId('wait-what'), left.what);
      setText(byId('wait-left'), countdown(left.leftMs));
      byId<HTMLProgressElement>('wait-bar').value = left.part;
    },
  };
}

function steeringText({ regions, scene }: Shown): string {
  const { steering } = regions;
  if (scene?.status.shadow) return 'Shadow: decides and reports, never acts';
  if (steering === 'Paused') return 'Paused by the operator: observes, moves nothing';
  if (steering === 'Route') return `Pinned by the operator${pinText(scene)}`;
  return steering === 'Loop' ? 'Automatic' : '';
}

function pinText(scene: Scene | null): string {
  const pin = scene?.status.pin;
  if (!scene || !pin) return '';
  const left =
    pin.untilMs === null ? 'until released' : `for ${span(pin.untilMs - scene.status.atMs)}`;
  return ` to ${pin.path} ${left}${pin.failsafe ? ', failsafe' : ''}`;
}

/** One sentence that an engineer at night can act on. */
function sentence({ scene, regions, target, home, unknownSays }: Shown): string {
  if (unknownSays) return `${capital(unknownSays)}.`;
  if (!scene) return target ? `I/O goes to ${target}${target === home ? ', home' : ''}.` : '';
  const { status } = scene;
  const of = (id: string | null): string => {
    const path = status.paths.find((p) => p.id === id);
    return path ? `${path.id} is ${path.verdict}: ${path.says}` : 'There is no target';
  };
  const goal = status.goal;
  if (goal) return `Switching to ${goal.path} (${goal.kind}): ${goal.error || goal.says}.`;
  if (status.pin && regions.access !== 'Degraded.Doubting') {
    const where =
      status.pin.path === target ? 'where it is pinned' : `pinned to ${status.pin.path}`;
    return `I/O goes to ${target ?? 'nobody'}, ${where}. ${of(home)}.`;
  }
  switch (regions.access) {
    case 'Normal':
      return `I/O goes to ${target}, home, as it should.`;
    case 'Degraded.WarmingUp':
      return `Just started: the route stays with ${target ?? 'nobody'} while every path is watched.`;
    case 'Degraded.Doubting':
      return `${of(target)}. Nothing has moved yet.`;
    case 'Rerouted':
      return `I/O goes to ${target}. Home is not well: ${of(home)}.`;
    case 'BackToNormal.Holding':
      return `I/O goes to ${target}. Home is well again and must stay so before the route returns.`;
    case 'BackToNormal.Due':
      return `Home served its hold; the return waits for ${stopper(scene)}.`;
    default:
      return '';
  }
}

const stopper = (scene: Scene): string =>
  scene.moves.find((m) => m.move === 'return home')?.stoppedBy?.says ?? 'nothing';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface Wait {
  readonly what: string;
  readonly leftMs: number;
  /** What is over of it, 0..1. */
  readonly part: number;
}

/** The one thing that time alone will bring. */
function waitOf({ status, timers }: Scene, atMs: number): Wait | null {
  const untilMs = status.pin?.untilMs ?? null;
  if (untilMs !== null) return { what: 'Pin ends in', leftMs: untilMs - atMs, part: 0 };
  // However long home was well, an operator comes first.
  if (status.steering !== 'Loop') return null;
  const hold = timers.find((t) => t.name === 'holdLeft');
  if (hold) {
    const leftMs = hold.dueAtMs - atMs;
    const { holdMs } = status.hold;
    return { what: 'Back home in', leftMs, part: part(holdMs - leftMs, holdMs) };
  }
  const warm = timers.find((t) => t.name === 'warmUp');
  if (warm) return { what: 'Acts in', leftMs: warm.dueAtMs - atMs, part: 0 };
  return null;
}

const part = (done: number, whole: number): number =>
  whole > 0 ? Math.min(1, Math.max(0, done / whole)) : 0;

function factsOf({ status }: Scene): Fact[] {
  const path = status.paths.find((p) => p.id === status.target);
  const { hold } = status;
  const well =
    hold.wellForMs === null ? 'home is not well' : `home well for ${span(hold.wellForMs)}`;
  const relapses = hold.relapses === 1 ? '1 relapse' : `${hold.relapses} relapses`;
  return [
    ['Target', status.target ?? 'none', path ? `${path.network} network` : ''],
    ['Route', `via ${status.gateway ?? 'nothing of ours'}`, `${status.nfsIp}/32`],
    ['Table', tableText(status), `route ${status.route}`],
    ['Home', status.home, well],
    ['Hold', span(hold.holdMs), relapses],
    [
      'Moves this hour',
      `${status.preferenceMoves} of ${status.budgetPerHour}`,
      'for preference only',
    ],
  ];
}

function tableText({ table, atMs }: Scene['status']): string {
  if (table.kind !== 'read') return table.kind;
  const count = table.entries.length;
  const entries = count === 1 ? '1 entry' : `${count} entries`;
  return `${entries}, read ${age(atMs - table.atMs)}${atMs - table.atMs < 1500 ? '' : ' ago'}`;
}
