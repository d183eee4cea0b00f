/** The report of a replay: what it says, that it is whole in itself, and that it is the same again. */

import assert from 'node:assert/strict';
import { answer, pageOf } from '../../src/cli/replay/page.ts';
import { rowsOf } from '../../src/cli/replay/picture.ts';
import { whatIf } from '../../src/replay/what-if.ts';
import { threeHosts } from '../sim/settings.ts';
import { flap, record } from './courses.ts';

const paths = threeHosts.paths.map((p) => p.id);
const timers = { ...threeHosts.timers, backToNormalMs: 60_000, relapseFactor: 1, returnGuardMs: 0 };
const compared = whatIf(record(flap), { ...threeHosts, timers });
const subject = { journal: '<journal>', config: 'other.yaml', paths, problems: ['a & b'] };

describe('replay report', () => {
  it('says in one sentence what would have gone differently', () => {
    const { recorded, other } = compared;
    const more = other.switches.length - recorded.switches.length;
    assert.ok(more > 1);
    assert.match(answer(compared), new RegExp(`^In 16 min 10 s: ${more} switches more, .* outage`));
    const same = answer({ ...compared, other: recorded });
    assert.equal(same, 'In 16 min 10 s: as many switches, the same outage.');
  });

  it('draws the paths that were used or bad, home first, and each bad spell', () => {
    const rows = rowsOf(compared, paths);
    assert.equal(rows[0], 'scvm1/data');
    assert.ok(rows.length >= 2 && rows.length < paths.length, rows.join());
    assert.equal(compared.trouble.filter((t) => t.path === 'scvm1/data').length, 4);
    const page = pageOf(compared, subject);
    for (const id of rows) assert.ok(page.includes(`>${id}<`), id);
    const drawn = page.match(/fill-opacity="0\.22"/g) ?? [];
    assert.equal(drawn.length, compared.trouble.length);
  });

  it('lists every switch of both courses with its reason', () => {
    const page = pageOf(compared, subject);
    const rows = page.slice(page.indexOf('<tbody>')).match(/<tr>/g) ?? [];
    assert.equal(rows.length, compared.recorded.switches.length + compared.other.switches.length);
    assert.match(page, /hold of 60000 ms served/);
  });

  it('is whole in itself, runs nothing, and shows names as text', () => {
    const page = pageOf(compared, subject);
    assert.match(page, /default-src 'none'/);
    assert.doesNotMatch(page, /<script|<link|href=|src=|@import|url\(http/);
    assert.match(page, /&lt;journal&gt; under other\.yaml/);
    assert.match(page, /a &amp; b/);
    assert.doesNotMatch(page, /<journal>/);
  });

  it('the same comparison makes the same bytes', () => {
    assert.equal(pageOf(compared, subject), pageOf(compared, subject));
  });
});
