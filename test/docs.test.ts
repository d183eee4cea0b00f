/**
 * The pages written by hand say nothing that the code does not: links and paths lead somewhere, the
 * verbs and options of README.md are those of `--help`, the alarms of docs/alarms.md those of the
 * type, the shown configuration is good, and the hold's arithmetic is the code's. Whether the
 * sentences are true is for people; docs/configuration.md has a test of its own.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseConfig } from '../src/config/parse.ts';
import { holdMs } from '../src/machines/hold.ts';
import { reroute } from './cli/program.ts';

const ROOT = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const inDocs = readdirSync(new URL('docs/', ROOT)).filter((f) => f.endsWith('.md'));
const PAGES = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...inDocs.map((f) => `docs/${f}`)];

/** First groups of every match, in order. */
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((m) => m[1] ?? '');
const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort();

/** An anchor as GitHub makes it from a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function linkProblem(page: string, link: string): string | null {
  const [path = '', hash = ''] = link.split('#');
  const target = path === '' ? new URL(page, ROOT) : new URL(path, new URL(page, ROOT));
  if (!existsSync(target)) return `${page}: ${link} does not exist`;
  if (hash === '') return null;
  const headings = all(readFileSync(target, 'utf8'), /^#+ (.*)$/gm);
  return headings.map(anchor).includes(hash) ? null : `${page}: ${link} has no such heading`;
}

/** `--flags` that a help text describes. */
const optionsIn = (help: string): string[] => all(help, /^ {2}(?:-\w, )?(--[a-z-]+)/gm);
const commandsOf = (help: string): string[] =>
  all(help.split('Commands:')[1] ?? '', /^ {2}([a-z]+)/gm).filter((v) => v !== 'help');

/** Rows of README's table of verbs: verb -> the whole row. */
function verbRows(): Map<string, string> {
  const rows = all(read('README.md'), /^(\| `reroute [a-z]+` +\|.*)$/gm);
  return new Map(rows.map((row) => [/`reroute ([a-z]+)`/.exec(row)?.[1] ?? '', row]));
}

describe('pages', () => {
  for (const page of PAGES) {
    it(`${page}: every relative link leads to a file and a heading of it`, () => {
      const links = all(read(page), /\]\(([^)\s]+)\)/g).filter((l) => !/^[a-z]+:/.test(l));
      const wrong = links.map((link) => linkProblem(page, link));
      assert.deepEqual(
        wrong.filter((w) => w !== null),
        [],
      );
    });

    it(`${page}: every path of the repository that it names exists`, () => {
      const named = all(read(page), /`((?:src|test|docs|examples|scripts|bench|bin)\/[^`\s*]*)`/g);
      assert.deepEqual(
        named.filter((path) => !existsSync(new URL(path, ROOT))),
        [],
      );
    });
  }

  it('ARCHITECTURE.md: its table has every folder of src', () => {
    const folders = readdirSync(new URL('src/', ROOT), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `src/${entry.name}`);
    const rows = all(read('ARCHITECTURE.md'), /^\| `(src\/[a-z]+)` +\|/gm);
    assert.deepEqual(sorted(rows), sorted(folders));
  });

  it('docs/alarms.md: one row per name of AlarmName', () => {
    const type = /export type AlarmName =([^;]*);/.exec(read('src/machines/orders.ts'))?.[1] ?? '';
    const names = all(type, /'([a-z_]+)'/g);
    assert.ok(names.length > 0, 'AlarmName was not found');
    assert.deepEqual(all(read('docs/alarms.md'), /^\| `([a-z_]+)` +\|/gm), names);
  });
});

describe('README.md', () => {
  let program = '';
  const help = new Map<string, string>();
  before(async function () {
    this.timeout(120_000);
    program = (await reroute('--help')).out;
    for (const verb of commandsOf(program)) help.set(verb, (await reroute(verb, '--help')).out);
  });

  it('has the marks between which the chart stands, once each', () => {
    const marks = all(read('README.md'), /^(<!-- \/?chart -->)$/gm);
    assert.deepEqual(marks, ['<!-- chart -->', '<!-- /chart -->']);
  });

  it('has one row for every verb of --help, and no other', () => {
    assert.ok(help.size > 0, 'no verb was found');
    assert.deepEqual(sorted(verbRows().keys()), sorted(commandsOf(program)));
  });

  it('has every option of a verb in its row or in the sentence above the table', () => {
    const common = ['--help', '--config', '--socket', '--json'];
    for (const [verb, row] of verbRows()) {
      const own = optionsIn(help.get(verb) ?? '').filter((o) => !common.includes(o));
      assert.deepEqual(sorted(all(row, /(--[a-z-]+)/g)), sorted(own), verb);
    }
  });

  it('names the verbs under lab', () => {
    const row = verbRows().get('lab') ?? '';
    for (const verb of commandsOf(help.get('lab') ?? ''))
      assert.ok(row.includes(`\`${verb}\``), verb);
  });

  it('shows only command lines whose verb and options exist', () => {
    // Comments of shell blocks and everything behind a redirection are not options.
    const lines = all(read('README.md'), /\breroute ([a-z]+(?: [^`|>#\n]*)?)/g);
    let checked = 0;
    for (const line of lines) {
      const [verb = ''] = line.split(' ');
      const flags = all(line, /(--[a-z-]+)/g);
      const known = help.get(verb);
      // Without options it may be prose, such as "a reroute of ...".
      if (known === undefined && flags.length === 0) continue;
      assert.ok(known !== undefined, line);
      for (const flag of flags) assert.ok(optionsIn(known).includes(flag), `${flag} in: ${line}`);
      checked += 1;
    }
    assert.ok(checked > 10, 'the command lines were not found');
  });

  it('shows configurations that are good, without a note', () => {
    const blocks = all(read('README.md'), /^```yaml\n([\s\S]*?)^```$/gm);
    assert.ok(blocks.length > 0);
    for (const block of blocks) {
      const result = parseConfig(block, { hostname: 'host1' });
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual(result.notes, []);
    }
  });

  it('shows the hold of the balanced profile as the code reckons it', () => {
    const scvms = `scvms:
  - { name: a, local: true, data_ip: 10.0.0.1, manage_ip: 10.0.1.1 }
  - { name: b, data_ip: 10.0.0.2, manage_ip: 10.0.1.2 }\n`;
    const result = parseConfig(scvms, { hostname: 'host1' });
    assert.ok(result.ok);
    const { settings } = result.config;
    const row = /^\| hold +\|(.*)\|$/m.exec(read('README.md'))?.[1] ?? '';
    const shown = all(row, /(\d+) s/g).map((s) => Number(s) * 1000);
    assert.ok(shown.length > 0);
    assert.deepEqual(
      shown,
      shown.map((_, relapses) => holdMs(relapses, settings)),
    );
  });
});

describe('package.json', () => {
  it('ships every page and file that it lists, and LICENSE is the one it names', () => {
    const { files, license } = JSON.parse(read('package.json')) as {
      files: string[];
      license: string;
    };
    const missing = files.filter((f) => f !== 'dist' && !existsSync(new URL(f, ROOT)));
    assert.deepEqual(missing, []);
    assert.equal(license, 'Apache-2.0');
    assert.match(read('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
  });
});
