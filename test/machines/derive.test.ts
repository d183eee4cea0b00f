/** Orders that follow from the state: paces, memory, verdict notes, and what would be done. */

import assert from 'node:assert/strict';
import { verdictNotes, wouldSwitch } from '../../src/machines/derive.ts';
import type { Pace } from '../../src/machines/model.ts';
import { ALL, B, C, createHost, entry, HOME, HOME_M, min, ofType, sec } from './fixture.ts';

type Host = ReturnType<typeof createHost>;
const paces = (h: Host): Pace[] => ALL.map((id) => h.state().standing.paces[id] ?? 'idle');
const fresh = (): Host => {
  const h = createHost();
  h.pass(sec(5));
  h.orders();
  return h;
};

describe('derive: paces', () => {
  it('everybody fast while warming up; then target and home steady, others idle', () => {
    const h = createHost();
    assert.deepEqual(paces(h), Array(6).fill('fast'));
    h.pass(sec(5));
    assert.deepEqual(paces(h), ['steady', 'idle', 'idle', 'idle', 'idle', 'idle']);
  });

  it('a suspect target: everybody fast, so that a dead candidate is known before it is chosen', () => {
    const h = fresh();
    h.world.dead.add(HOME);
    h.pass(250);
    assert.deepEqual(paces(h), Array(6).fill('fast'));
  });

  it('another suspect path: only that one is fast, and a path that is down is not asked faster', () => {
    const h = fresh();
    h.world.dead.add(C);
    h.pass(250);
    assert.deepEqual(paces(h), ['steady', 'idle', 'idle', 'idle', 'fast', 'idle']);
    h.pass(sec(2));
    assert.equal(paces(h)[4], 'idle');
    h.world.dead.add(HOME);
    h.pass(250);
    assert.equal(paces(h)[4], 'idle');
  });

  it('a rising path is fast; only changes are ordered', () => {
    const h = fresh();
    h.world.dead.add(C);
    h.pass(750);
    assert.equal(h.context().paths[4]?.verdict, 'down');
    h.orders();
    h.world.dead.delete(C);
    h.pass(sec(1));
    const ordered = ofType(h.orders(), 'PROBE_AT').map((o) => o.paces);
    assert.deepEqual(ordered, [{ [C]: 'fast' }, { [C]: 'idle' }]);
  });
});

describe('derive: notes and memory', () => {
  it('a verdict is noted when it changes, not when only its cause does', () => {
    const h = fresh();
    h.world.refusing.add(C);
    h.pass(sec(1));
    h.world.dead.add(C);
    h.pass(250);
    const noted = ofType(h.orders(), 'NOTE_VERDICT').map((o) => `${o.path} ${o.from} ${o.to}`);
    assert.deepEqual(noted, [`${C} up suspect`]);
  });

  it('a path that appears is noted from unknown', () => {
    const [view] = fresh().context().paths;
    assert.ok(view);
    assert.deepEqual(
      verdictNotes([], [view]).map((o) => o.type === 'NOTE_VERDICT' && o.from),
      ['unknown'],
    );
  });

  it('memory is saved when what must outlive a restart changed, and only then', () => {
    const h = fresh();
    h.pass(min(1));
    assert.deepEqual(ofType(h.orders(), 'SAVE_MEMORY'), []);
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: true });
    const saved = ofType(h.orders(), 'SAVE_MEMORY').at(-1)?.memory;
    assert.deepEqual(saved, h.context().memory);
    assert.deepEqual(saved?.pin, { path: B, untilMs: null, failsafe: true });
  });
});

describe('derive: what would be done', () => {
  const paused = (table = '10.10.85.15'): Host => {
    const h = createHost({ table: [entry(table)], memory: { paused: true } });
    h.world.sessions = [];
    h.pass(sec(5));
    return h;
  };
  const would = (h: Host): string => {
    const move = wouldSwitch(h.context());
    return move ? `${move.kind} ${move.to}` : 'nothing';
  };

  it('nothing in LOOP: there it is done', () => {
    const h = fresh();
    h.world.dead.add(HOME);
    h.pass(sec(2));
    assert.equal(would(h), 'nothing');
  });

  it('paused at home and well: nothing', () => {
    assert.equal(would(paused()), 'nothing');
  });

  it('paused away: the return is due after its hold, not before', () => {
    const h = paused('10.10.85.16');
    h.pass(min(2));
    assert.equal(would(h), 'nothing');
    h.pass(min(1));
    assert.equal(would(h), `return ${HOME}`);
    assert.equal(ofType(h.orders(), 'NOTE_WOULD_SWITCH').length, 1);
  });

  it('paused on management: leaving it', () => {
    const h = paused('192.168.85.15');
    assert.equal(would(h), `prefer ${B}`);
    assert.match(
      wouldSwitch(h.context())?.reason ?? '',
      /scvm1\/manage is on the management network/,
    );
    assert.notEqual(HOME_M, B);
  });
});
