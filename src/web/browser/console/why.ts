/**
 * Why: every move that could be made with the conditions that hold it back, each with its numbers,
 * and the chain of the last switch from the first doubt on. The same gates as the chart's guards.
 */

import type { Gate } from '../../../machines/gate.ts';
import type { Scene } from '../../shapes.ts';
import { byId, h, icon, keyed, setAttribute, setHidden, setText } from './dom.ts';
import type { Shown } from './shown.ts';
import { countdown, exactTime, readable } from './words.ts';

type Move = Scene['moves'][number];
type Noted = Scene['chain'][number];

const TITLES: Readonly<Record<Move['move'], string>> = {
  'leave the target': 'Leave the target',
  'return home': 'Return home',
  'leave management': 'Leave the management network',
  repair: 'Repair the route',
  'obey the pin': 'Obey the pin',
};

/** The newest of a long chain: those before are in the list of what happened. */
const MAX_LINES = 9;

export interface WhyCard {
  show(shown: Shown): void;
  tick(shown: Shown): void;
}

export function createWhy(): WhyCard {
  const moves = keyed<Move>(byId('moves'), (m) => m.move, makeMove);
  const chain = keyed<Noted & { readonly key: string }>(
    byId('chain'),
    (n) => n.key,
    ({ wallMs, line }) => h('li', '', h('time', 'digits', exactTime(wallMs)), h('span', '', line)),
  );
  /** Which one is open follows the situation until the reader opens or closes one. */
  let openFor = '';

  return {
    show({ scene, regions }) {
      const all = scene?.moves ?? [];
      const asked = likely(all, regions.access ?? '');
      moves(all, (at, move) => {
        updateMove(at, move);
        if (asked !== openFor) setAttribute(at, 'open', move.move === asked ? '' : null);
      });
      openFor = asked;
      const noted = scene?.chain.length ? scene.chain : (scene?.since ?? []);
      const lines = noted.slice(-MAX_LINES);
      setHidden(byId('h-chain'), lines.length === 0);
      const title = scene?.chain.length
        ? 'The last switch, from the first doubt on'
        : 'Noted since the start';
      setText(byId('h-chain'), title);
      chain(
        lines.map((n, i) => ({ ...n, key: `${n.wallMs} ${i} ${n.line}` })),
        () => undefined,
      );
    },
    tick(shown) {
      for (const at of document.querySelectorAll<HTMLElement>('#moves [data-opens]')) {
        setText(at, `opens in ${countdown(Number(at.dataset.opens) - shown.atMs())}`);
      }
    },
  };
}

/** The move that a person would ask about now. */
function likely(moves: readonly Move[], access: string): string {
  const names = moves.map((m) => m.move);
  if (names.includes('obey the pin')) return 'obey the pin';
  if (access.startsWith('Degraded')) return 'leave the target';
  return names.includes('return home') ? 'return home' : '';
}

function makeMove(): HTMLDetailsElement {
  const summary = h('summary', '', icon('more'), h('b'), h('span'));
  return h('details', 'move', summary, h('ul', 'gates'));
}

function updateMove(at: Element, move: Move): void {
  const [title, verdict] = [at.querySelector('b'), at.querySelector('summary span')];
  const stop = move.stoppedBy;
  if (title) setText(title, TITLES[move.move]);
  if (verdict) setText(verdict, heldBy(stop));
  setAttribute(at, 'data-stopped', stop ? stop.name : null);
  const list = at.querySelector('ul');
  if (list) gatesIn(list, move.gates);
}

/** The first gate of these moves asks whether there is any reason for one. */
const REASONS = new Set(['target_lost', 'differs', 'pinned']);

function heldBy(stop: Gate | null): string {
  if (!stop) return 'nothing holds it';
  return REASONS.has(stop.name) ? 'no reason to' : `held by ${stop.name}`;
}

function gatesIn(list: Element, gates: readonly Gate[]): void {
  while (list.children.length > gates.length) list.lastElementChild?.remove();
  while (list.children.length < gates.length) {
    list.append(h('li', '', icon('open'), h('b'), h('span'), h('i', 'digits')));
  }
  gates.forEach((gate, i) => {
    const at = list.children[i];
    const [use, name, says, opens] = ['use', 'b', 'span', 'i'].map((x) => at?.querySelector(x));
    if (!at || !use || !name || !says || !opens) return;
    setAttribute(at, 'class', gate.open ? 'is-open' : 'is-closed');
    setAttribute(use, 'href', gate.open ? '#i-open' : '#i-closed');
    setText(name, gate.name);
    // The countdown beside it says the same, and counts.
    setText(says, readable(gate.says.replace(/, opens in \d+ ms$/, '')));
    setAttribute(opens, 'data-opens', gate.opensAtMs === null ? null : String(gate.opensAtMs));
    if (gate.opensAtMs === null) setText(opens, gate.open ? '' : 'closed');
  });
}
