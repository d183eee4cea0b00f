/**
 * Pin, release, pause, resume: each asks in a dialog that says what it does, and for the token. The
 * token stays in this tab's memory until the daemon refuses it or ends.
 */

import type { Hello, Scene, WishAnswer } from '../../shapes.ts';
import { byId, h, setHidden, setText } from './dom.ts';
import type { Shown } from './shown.ts';

type Wish = 'pin' | 'release' | 'pause' | 'resume';

export interface Steer {
  hello(hello: Hello): void;
  /** Only what stands now can be steered. */
  show(shown: Shown | null): void;
  isOpen(): boolean;
}

const WORDS: Readonly<Record<Wish, { title: string; says: string; yes: string }>> = {
  pin: {
    title: 'Pin the route',
    says: 'This is a switch: clients see the short break that a switch is. Until it ends the route stays there, also when that path dies, unless you allow otherwise.',
    yes: 'Pin the route',
  },
  release: {
    title: 'Release the pin',
    says: 'The controller decides again. If home is well, the route returns by itself after its hold.',
    yes: 'Release the pin',
  },
  pause: {
    title: 'Pause the controller',
    says: 'It goes on observing and says what it would do, but moves nothing, not even off a dead path, also after a restart, until it is resumed.',
    yes: 'Pause',
  },
  resume: {
    title: 'Resume the controller',
    says: 'It acts again, at once: a switch that it held back may follow.',
    yes: 'Resume',
  },
};

export function createSteer(done: (says: string) => void): Steer {
  const dialog = byId<HTMLDialogElement>('dialog');
  const token = byId<HTMLInputElement>('dialog-token');
  const problem = byId('dialog-problem');
  const yes = byId<HTMLButtonElement>('dialog-yes');
  const buttons = {
    pin: byId<HTMLButtonElement>('act-pin'),
    release: byId<HTMLButtonElement>('act-release'),
    pause: byId<HTMLButtonElement>('act-pause'),
  };
  let known: Hello | null = null;
  let scene: Scene | null = null;
  let wish: Wish = 'pause';

  function ask(next: Wish): void {
    if (!scene) return;
    wish = next;
    const words = WORDS[next];
    setText(byId('dialog-title'), words.title);
    setText(byId('dialog-says'), words.says);
    setText(yes, words.yes);
    setText(problem, known?.canSteer ? '' : (known?.steerSays ?? ''));
    yes.disabled = !known?.canSteer;
    setHidden(byId('dialog-pin'), next !== 'pin');
    if (next === 'pin') fillPaths(scene);
    dialog.showModal();
    (next === 'pin' ? byId('dialog-path') : token).focus();
  }

  async function send(): Promise<void> {
    yes.disabled = true;
    setText(problem, '');
    const answer = await post(wish, token.value.trim(), wish === 'pin' ? pinBody() : {});
    yes.disabled = false;
    if (answer.ok) {
      dialog.close();
      done(answer.says);
      return;
    }
    setText(problem, answer.says);
    if (answer.code === 'wrong_token') token.select();
  }

  buttons.pin.addEventListener('click', () => ask('pin'));
  buttons.release.addEventListener('click', () => ask('release'));
  buttons.pause.addEventListener('click', () => ask(scene?.status.paused ? 'resume' : 'pause'));
  byId('dialog-no').addEventListener('click', () => dialog.close());
  byId('dialog-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });

  return {
    hello(hello) {
      // A new start has a new token.
      if (known && known.instance !== hello.instance) token.value = '';
      known = hello;
    },
    show(shown) {
      scene = shown?.isLive ? shown.scene : null;
      const status = scene?.status;
      const fixed = !status || status.shadow;
      buttons.pin.disabled = fixed || status.paused;
      buttons.pause.disabled = fixed;
      setHidden(buttons.release, !status?.pin);
      setText(buttons.pause, status?.paused ? 'Resume…' : 'Pause…');
    },
    isOpen: () => dialog.open,
  };
}

/** Those that are not up are there, with the reason why they cannot be chosen. */
function fillPaths({ status }: Scene): void {
  const select = byId<HTMLSelectElement>('dialog-path');
  select.replaceChildren(
    ...status.paths.map((p) => {
      const role = [p.isTarget ? 'target' : '', p.isHome ? 'home' : ''].filter(Boolean).join(', ');
      const why = p.verdict === 'up' ? '' : ` — ${p.verdict}`;
      const option = h('option', '', `${p.id}  ${p.ip}${role ? ` (${role})` : ''}${why}`);
      option.value = p.id;
      option.disabled = p.verdict !== 'up';
      return option;
    }),
  );
  const others = status.paths.filter((p) => p.verdict === 'up' && !p.isTarget);
  const first = others.find((p) => p.network === 'storage') ?? others[0];
  if (first) select.value = first.id;
}

function pinBody(): object {
  const until = byId<HTMLSelectElement>('dialog-for').value;
  return {
    target: byId<HTMLSelectElement>('dialog-path').value,
    failsafe: byId<HTMLInputElement>('dialog-failsafe').checked,
    ...(until === '' ? {} : { for_ms: Number(until) }),
  };
}

async function post(wish: Wish, token: string, body: object): Promise<WishAnswer> {
  try {
    const answer = await fetch(`/api/${wish}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
    return (await answer.json()) as WishAnswer;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ok: false, code: 'unreachable', says: `The daemon did not answer: ${text}` };
  }
}
