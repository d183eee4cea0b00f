/** Readings of the chart's memory that guards share: the table, and since when home is well. */

import assert from 'node:assert/strict';
import {
  effectiveEntry,
  entriesLeadTo,
  home,
  pathByEntries,
  recordLine,
  wellForMs,
  wellSinceMs,
} from '../../src/machines/context.ts';
import type { PathView } from '../../src/machines/model.ts';
import { B, createHost, entry, HOME, memory, min, sec, settings, T0 } from './fixture.ts';

const c = createHost().context();

describe('context: the table', () => {
  it('the kernel uses the lowest metric', () => {
    const ours = entry('10.10.85.15');
    assert.equal(effectiveEntry([entry('10.10.85.16', { metric: 100 }), ours]), ours);
    assert.equal(effectiveEntry([]), undefined);
  });

  it('a gateway names a path; foreign, empty and multipath tables name none', () => {
    assert.equal(pathByEntries(c, [entry('10.10.85.16')]), B);
    assert.equal(pathByEntries(c, [entry('10.9.9.9')]), null);
    assert.equal(pathByEntries(c, [entry(null)]), null);
    assert.equal(pathByEntries(c, [entry('10.10.85.16', { plain: false })]), null);
    assert.equal(pathByEntries(c, []), null);
  });

  it('only a table with exactly one entry leads anywhere for sure', () => {
    assert.equal(entriesLeadTo(c, [entry('10.10.85.16')], B), true);
    assert.equal(entriesLeadTo(c, [entry('10.10.85.16')], HOME), false);
    const two = [entry('10.10.85.16'), entry('10.10.85.15', { metric: 50 })];
    assert.equal(entriesLeadTo(c, two, B), false);
  });
});

describe('context: home', () => {
  const seen = (view: Partial<PathView>, leftAtMs = {}) => {
    const first = { ...c.paths[0], id: HOME, verdict: 'up', ...view } as PathView;
    const paths = [first, ...c.paths.slice(1)];
    return { ...c, nowMs: T0 + sec(100), paths, memory: memory({ leftAtMs }) };
  };
  const up = { upSinceMs: T0 + sec(90), badAtMs: null, sessionStartMs: T0 - min(10) };

  it('home is the first path; settings without paths are the fault of a programmer', () => {
    assert.equal(home(c).id, HOME);
    assert.throws(() => home({ ...c, settings: settings({ paths: [] }) }), /without paths/);
  });

  it('is well since it came up, or since its session began if it was never seen unwell', () => {
    assert.equal(wellSinceMs(seen({ ...up, sessionStartMs: null })), T0 + sec(90));
    assert.equal(wellSinceMs(seen(up)), T0 - min(10));
    assert.equal(wellSinceMs(seen({ ...up, badAtMs: T0 })), T0 + sec(90));
  });

  it('a session does not vouch for time before home was last left', () => {
    assert.equal(wellSinceMs(seen(up, { [HOME]: T0 - sec(5) })), T0 - sec(5));
    assert.equal(wellSinceMs(seen(up, { [HOME]: T0 + sec(95) })), T0 + sec(90));
  });

  it('is not well at all while it is not up', () => {
    const down = seen({ ...up, verdict: 'suspect', upSinceMs: null });
    assert.equal(wellSinceMs(down), null);
    assert.equal(wellForMs(down), 0);
    assert.equal(wellForMs(seen({ ...up, badAtMs: T0 })), sec(10));
  });
});

describe('context: the record', () => {
  it('is another one when the session or any address changes', () => {
    const keys = [
      recordLine('u1', ['a', 'b']),
      recordLine('u2', ['a', 'b']),
      recordLine('u1', ['a']),
    ];
    assert.equal(new Set(keys).size, 3);
  });
});
