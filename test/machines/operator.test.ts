/** What an operator is answered: names become paths, and no is said with its reason. */

import assert from 'node:assert/strict';
import {
  answerPause,
  answerPin,
  answerRelease,
  answerResume,
  findTarget,
} from '../../src/machines/operator.ts';
import { ALL, B, B_M, C, createHost, scvm, sec, settings } from './fixture.ts';

const paths = [...scvm(15), ...scvm(16, { kind: 'access' }), ...scvm(17)];
const find = (text: string): string | undefined => findTarget(settings({ paths }), text)?.id;

describe('operator: names', () => {
  it('a path id, a name, the gateway, the data IP (access IP by itself) or a management IP', () => {
    const found = ['scvm3/manage', 'scvm2', '10.10.86.16', '10.10.85.16', '192.168.85.16'].map(
      find,
    );
    assert.deepEqual(found, [
      'scvm3/manage',
      'scvm2/access',
      'scvm2/access',
      'scvm2/access',
      'scvm2/manage',
    ]);
  });

  it('anything else is nobody', () => {
    assert.deepEqual(['', 'scvm9', '10.9.9.9', 'SCVM1'].map(find), Array(4).fill(undefined));
  });
});

describe('operator: answers', () => {
  const h = createHost();
  h.pass(sec(5));

  it('a pin to a path that is up is granted', () => {
    assert.deepEqual(answerPin(h.state(), B), { ok: true, says: `pinned to ${B}` });
  });

  it('a pin is refused with what would be possible instead', () => {
    h.world.dead.add(C);
    h.pass(sec(1));
    const down = answerPin(h.state(), C);
    assert.equal(!down.ok && down.code, 'NOT_UP');
    assert.match(down.says, /scvm3\/data is down \(.*\); up now: scvm1\/data/);
    const nobody = answerPin(h.state(), 'scvm9/data');
    assert.equal(!nobody.ok && nobody.code, 'UNKNOWN_TARGET');
    const blind = createHost();
    const unknown = answerPin(blind.state(), B_M);
    assert.match(unknown.says, /is unknown .*; no path is up/);
    assert.equal(ALL.length, 6);
  });

  it('a pin asked for in the instant of a reload is answered by what is known', () => {
    const state = h.state();
    const context = { ...state.snapshot.context, paths: [] };
    const answer = answerPin({ ...state, snapshot: { ...state.snapshot, context } }, B);
    assert.match(answer.says, /is unknown \(\); no path is up/);
  });

  it('pause, resume and release say what they change', () => {
    assert.match(answerResume(h.state()).says, /was not paused/);
    assert.match(answerRelease(h.state()).says, /nothing was pinned/);
    assert.match(answerPause(h.state()).says, /^paused/);
    h.tell({ type: 'PIN_ASKED', path: B, untilMs: null, failsafe: false });
    assert.match(answerRelease(h.state()).says, /released from scvm2\/data/);
    h.tell({ type: 'PAUSE_ASKED' });
    assert.match(answerPause(h.state()).says, /already paused/);
    assert.deepEqual(answerResume(h.state()), { ok: true, says: 'resumed' });
    const pin = answerPin(h.state(), B);
    assert.equal(!pin.ok && pin.code, 'PAUSED');
  });

  it('in shadow the route is nobody’s to move', () => {
    const shadow = createHost({ shadow: true }).state();
    const answers = [answerPin(shadow, B), answerResume(shadow)];
    assert.deepEqual(
      answers.map((a) => !a.ok && a.code),
      ['SHADOW', 'SHADOW'],
    );
  });
});
