/** The command line without a daemon: exit codes, clear refusals, check, import, doctor, clear. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reroute } from './program.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

describe('command line', () => {
  let folder = '';
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rr-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('--help lists every verb and exits 0', async () => {
    const { code, out } = await reroute('--help');
    assert.equal(code, 0);
    const verbs = [
      'run',
      'status',
      'why',
      'history',
      'route',
      'pause',
      'resume',
      'reload',
      'check',
    ];
    for (const verb of [...verbs, 'import', 'doctor', 'clear', 'lab']) {
      assert.match(out, new RegExp(`^  ${verb} `, 'm'));
    }
  });

  it('--version prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(example('../package.json'), 'utf8'));
    assert.equal((await reroute('--version')).out.trim(), version);
  });

  for (const [what, args] of [
    ['an unknown verb', ['explode']],
    ['an unknown option', ['status', '--nonsense']],
    ['a missing argument', ['check']],
    ['a bad duration', ['route', 'scvm2', '--for', '90']],
    ['a target beside --auto', ['route', 'scvm2', '--auto']],
    ['neither target nor --auto', ['route']],
    ['a bad count', ['history', '-n', '0']],
  ] as const) {
    it(`${what} is wrong usage: exit 2 and a word on standard error`, async () => {
      const { code, out, err } = await reroute(...args);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /\w/);
    });
  }

  it('check: a shipped example is good', async () => {
    const { code, out } = await reroute('check', example('balanced.yaml'));
    assert.equal(code, 0);
    assert.match(out, /good; home is scvm1\/data, 6 paths, profile balanced/);
  });

  it('check: every problem at once, with line, value and remedy, exit 2', async () => {
    const good = readFileSync(example('balanced.yaml'), 'utf8');
    const bad = `${good.replace('#back_to_normal: 180s', 'back_to_normal: 180')}\nnfs_ipp: 1.2.3.4\n`;
    const { code, err } = await reroute('check', file('bad.yaml', bad));
    assert.equal(code, 2);
    assert.match(err, /bad\.yaml:\d+:\d+/);
    assert.match(err, /180s/);
    assert.match(err, /nfs_ipp/);
  });

  it('check --json: the problems as data', async () => {
    const { code, out } = await reroute('check', '--json', file('empty.yaml', 'scvms: []\n'));
    assert.equal(code, 2);
    const answer = JSON.parse(out);
    assert.equal(answer.ok, false);
    assert.ok(answer.problems.every((p: { code: string; remedy: string }) => p.code && p.remedy));
  });

  it('check --here: an address outside this machine’s networks is an error', async () => {
    const { code, err } = await reroute('check', '--here', example('balanced.yaml'));
    assert.equal(code, 2);
    assert.match(err, /10\.10\.85\.15/);
  });

  it('replay: a journal that is not there is named, with what would do, exit 2', async () => {
    const { code, out, err } = await reroute('replay', join(folder, 'nowhere'));
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /nowhere does not exist: name a journal folder/);
  });

  for (const verb of ['run', 'status', 'doctor', 'clear'] as const) {
    it(`${verb}: a missing configuration file is named, exit 2`, async () => {
      const { code, err } = await reroute(verb, '--config', join(folder, 'none.yaml'));
      assert.equal(code, 2);
      assert.match(err, /none\.yaml/);
    });
  }

  it('status: no daemon is a clear failure, exit 1', async () => {
    const { code, err } = await reroute('status', '--socket', join(folder, 'none.sock'));
    assert.equal(code, 1);
    assert.match(err, /no daemon is running/);
  });

  it('import: the cluster shorthand becomes a configuration that passes check', async () => {
    const { code, out } = await reroute('import', example('lab/cluster.txt'), '--host', '2');
    assert.equal(code, 0);
    const checked = await reroute('check', file('imported.yaml', out));
    assert.equal(checked.code, 0, checked.err);
    assert.match(checked.out, /home is scvm2\/data/);
  });

  it('import: a file of neither form is refused, exit 2', async () => {
    const { code, err } = await reroute('import', file('odd.txt', 'what is this\n'));
    assert.equal(code, 2);
    assert.match(err, /neither/);
  });

  it('doctor: says what is missing on a machine without the networks, exit 1', async () => {
    const yaml = readFileSync(example('balanced.yaml'), 'utf8')
      .replace(/lock_file: .*/, `lock_file: ${join(folder, 'lock')}`)
      .replace(/socket: \/run\S*/, `socket: ${join(folder, 'sock')}`);
    const { code, out } = await reroute('doctor', '--json', '--config', file('doctor.yaml', yaml));
    assert.equal(code, 1);
    const findings = JSON.parse(out) as { what: string; grade: string }[];
    assert.equal(findings.find((f) => f.what === 'scvm1/data')?.grade, 'bad');
    assert.equal(findings.find((f) => f.what === 'raw socket')?.grade, 'good');
  });

  it('replay --report: without another configuration there is nothing to compare, exit 2', async () => {
    const { code, err } = await reroute('replay', file('j.ndjson', ''), '--report', 'r.html');
    assert.equal(code, 2);
    assert.match(err, /--config/);
  });

  it('replay: a journal that is none is named, exit 1', async () => {
    const { code, err, out } = await reroute('replay', file('k.ndjson', '{"k":"f"}\nnonsense\n'));
    assert.equal(code, 1);
    assert.match(err, /k\.ndjson:1: .*k\.ndjson:2: not JSON/s);
    assert.match(out, /nothing to replay/);
  });

  it('clear: without a terminal and --yes nothing is removed', async () => {
    const yaml = readFileSync(example('balanced.yaml'), 'utf8').replace(
      /lock_file: .*/,
      `lock_file: ${join(folder, 'lock2')}`,
    );
    const { code, err } = await reroute('clear', '--config', file('clear.yaml', yaml));
    assert.equal(code, 2);
    assert.match(err, /--yes/);
  });
});
