/**
 * The rules of the house, run: dependencies point inward, the decision is pure, files stay small
 * and are named by their noun. A rule that nobody runs is a wish. Each rule is also shown to find
 * a planted fault, because a pattern that matches nothing is the easiest way to be always right.
 */

import assert from 'node:assert/strict';
import { codeOf, importsOf, type Source, sourcesOf } from './sources.ts';

interface Sight {
  /** Folders of src that may be imported for use at run time; single files by their path. */
  readonly uses: readonly string[];
  /** Folders of src of which only types may be seen. */
  readonly types: readonly string[];
  /** Packages: a list, or whatever the package.json has. Node's own: yes or no. */
  readonly packages: readonly string[] | 'any';
  readonly node: boolean;
}

const LINES = 'src/machines/lines.ts';
const PLAYGROUND = 'web/browser/playground';
const outside = { packages: 'any', node: true } as const;

/** What each folder may see. `daemon` and `sim/run.ts` are the two that see both sides. */
const sights: Readonly<Record<string, Sight>> = {
  machines: { uses: ['machines'], types: [], packages: ['xstate'], node: false },
  config: {
    uses: ['config'],
    types: ['machines'],
    packages: ['zod', 'yaml', 'ipaddr.js'],
    node: false,
  },
  laws: { uses: ['laws', 'machines'], types: [], packages: [], node: false },
  sim: { uses: ['sim', 'laws', 'machines'], types: [], packages: [], node: false },
  replay: { uses: ['replay', 'sim', 'laws', 'machines'], types: [], packages: [], node: false },
  tune: { uses: ['tune', 'sim', 'laws', 'machines', 'config'], types: [], ...outside },
  diagram: { uses: ['diagram', 'machines', 'config'], types: [], ...outside },
  io: { uses: ['io'], types: ['machines', 'config'], ...outside },
  lab: { uses: ['lab', 'config'], types: ['machines', 'io'], ...outside },
  web: { uses: ['web', LINES], types: ['machines', 'config', 'io'], ...outside },
  // The one page that decides: the chart and the simulator themselves, in a browser.
  [PLAYGROUND]: {
    uses: ['web', 'machines', 'laws', 'sim', 'src/diagram/graph.ts'],
    types: [],
    packages: ['preact', 'preact/hooks', 'xstate', 'zod/mini'],
    node: false,
  },
  cli: {
    uses: ['cli', 'config', 'io', 'lab', 'sim', 'replay', 'tune', 'diagram', 'laws', 'web'].concat(
      'daemon',
      'version',
      LINES,
    ),
    types: ['machines'],
    ...outside,
  },
  daemon: { uses: ['daemon', 'config', 'io', 'machines', 'web', 'version'], types: [], ...outside },
  version: { uses: [], types: [], ...outside },
};

/** `src/io/icmp/line.ts` and `src/io.ts` are both of `io`. */
const folderOf = (file: string): string => /^src\/([^/.]+)/.exec(file)?.[1] ?? '';

/** Import lines that look outward, as `file: reason`. */
function outward(source: Source): string[] {
  const isPlayground = source.file.startsWith(`src/${PLAYGROUND}/`);
  const sight = sights[isPlayground ? PLAYGROUND : folderOf(source.file)];
  if (!sight) return [`${source.file}: its folder has no rule in test/laws.test.ts`];
  return importsOf(source).flatMap(({ from, file, typeOnly }) => {
    if (from.startsWith('node:')) return sight.node ? [] : [`${source.file}: ${from}`];
    if (file === null) {
      const known = sight.packages === 'any' || sight.packages.includes(from);
      return known ? [] : [`${source.file}: package ${from}`];
    }
    const used = [...sight.uses, ...(typeOnly ? sight.types : [])];
    return used.includes(folderOf(file)) || used.includes(file) ? [] : [`${source.file}: ${from}`];
  });
}

const IMPURE =
  /\b(Date|Math\.random|setTimeout|setInterval|setImmediate|performance|process|console|async|await|Promise|crypto|fetch|globalThis|Buffer)\b/g;

/** Words of the outside world in the code of the decision and of its simulation. */
const impure = (source: Source): string[] =>
  [...codeOf(source).matchAll(IMPURE)].map((m) => `${source.file}: ${m[0]}`);

const tooLong = ({ file, text }: Source): string[] => {
  const lines = text.trimEnd().split('\n').length;
  return lines > 300 ? [`${file}: ${lines} lines`] : [];
};

const VAGUE = /(^|\/)(utils?|helpers?|common|manager|misc|data)(\.test)?(\.ts|\/)/;
const vague = ({ file }: Source): string[] => (VAGUE.test(file) ? [file] : []);

const emptyCatch = (source: Source): string[] =>
  /\bcatch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*\{\s*\}\s*\)/.test(
    codeOf(source),
  )
    ? [source.file]
    : [];

const SILENCED = /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable|(c8|v8) ignore/;
const silenced = ({ file, text }: Source): string[] =>
  SILENCED.test(text) && file !== 'test/laws.test.ts' ? [file] : [];

const unexplained = ({ file, text }: Source): string[] =>
  /^(#!.*\n)?\/\*\*?\s/.test(text) ? [] : [file];

const src = sourcesOf('src');
const all = [...src, ...sourcesOf('test')];
const inFolders = (...names: string[]): Source[] =>
  src.filter((s) => names.includes(folderOf(s.file)));
const none = (found: string[]): void => assert.deepEqual(found, []);
const planted = (file: string, text: string): Source => ({ file, text });

describe('laws: dependencies point inward', () => {
  it('no import line of src looks outward', () => {
    assert.ok(src.length > 50);
    none(src.flatMap(outward));
  });

  it('a planted import that does is found, in each of its forms', () => {
    const found: [string, string][] = [
      ['src/machines/x.ts', "import { readFileSync } from 'node:fs';"],
      ['src/machines/x.ts', "import type { Config } from '../config/config.ts';"],
      ['src/machines/regions/x.ts', "import axios from 'axios';"],
      ['src/machines/x.ts', "export { now } from '../io/clock.ts';"],
      ['src/machines/x.ts', "const fs = await import('node:fs');"],
      ['src/machines/x.ts', "import '../io/clock.ts';"],
      ['src/sim/x.ts', "import { openClock } from '../io/clock.ts';"],
      ['src/laws/x.ts', "import fc from 'fast-check';"],
      ['src/io/x.ts', "import { decide } from '../machines/decide.ts';"],
      ['src/io/x.ts', "import {\n  type A,\n  createRun,\n} from '../sim/run.ts';"],
      ['src/io/icmp/x.ts', "import type { Plan } from '../../lab/plan.ts';"],
      ['src/cli/x.ts', "import { controller } from '../machines/controller.ts';"],
      ['src/lab/x.ts', "import { createProber } from '../io/icmp/prober.ts';"],
      ['src/config/x.ts', "import { readFile } from 'node:fs/promises';"],
      ['src/web/browser/playground/x.tsx', "import { render } from '../../../diagram/render.ts';"],
      ['src/web/browser/console/x.ts', "import { decide } from '../../../machines/decide.ts';"],
      ['src/unheard/x.ts', ''],
    ];
    for (const [file, text] of found) assert.equal(outward(planted(file, text)).length, 1, text);
  });

  it('what is allowed is not found', () => {
    const fine: [string, string][] = [
      ['src/machines/regions/x.ts', "import { vocabulary } from '../setup.ts';"],
      ['src/machines/x.ts', "import { setup } from 'xstate';"],
      ['src/io/x.ts', "import type { Fact } from '../machines/events.ts';"],
      ['src/cli/x.ts', "import { lineOf } from '../machines/lines.ts';"],
      ['src/daemon.ts', "import { openLog } from './io/log.ts';"],
      ['src/web/browser/playground/x.tsx', "import { createRun } from '../../../sim/run.ts';"],
      ['src/machines/x.ts', "// import { a } from 'node:fs';\n/* import 'node:fs' */"],
    ];
    for (const [file, text] of fine) none(outward(planted(file, text)));
  });
});

describe('laws: the decision is pure', () => {
  it('no clock, chance, timer, process or promise in machines, laws and replay', () => {
    none(inFolders('machines', 'laws', 'replay').flatMap(impure));
  });

  it('nor in the simulator, whose time and chance are its own', () => {
    none(inFolders('sim').flatMap(impure));
  });

  it('a planted one is found, unless it is a word in a comment or a text', () => {
    const found = [
      'const a = Date.now();',
      'async () => 1;',
      `\`\${Math.random()}\`;`,
      'process.exit();',
    ];
    for (const text of found) assert.equal(impure(planted('src/machines/x.ts', text)).length, 1);
    const words = `// the process\n/** A Date. */ const a = 'console'; const b = \`await \${a}\`;`;
    none(impure(planted('src/machines/x.ts', words)));
  });
});

describe('laws: files', () => {
  it('none is longer than 300 lines', () => {
    none(all.flatMap(tooLong));
    assert.equal(tooLong(planted('x.ts', 'a\n'.repeat(301))).length, 1);
    none(tooLong(planted('x.ts', 'a\n'.repeat(300))));
  });

  it('each is named by its noun', () => {
    none(all.flatMap(vague));
    for (const file of ['src/io/utils.ts', 'src/common/x.ts', 'test/helper.ts', 'src/manager.ts']) {
      assert.equal(vague(planted(file, '')).length, 1, file);
    }
  });

  it('each of src opens with a comment that says what it is', () => {
    none(src.flatMap(unexplained));
    assert.equal(unexplained(planted('x.ts', "import 'a';")).length, 1);
  });

  it('none swallows an error, and none silences a tool', () => {
    none(all.filter((s) => s.file !== 'test/laws.test.ts').flatMap(emptyCatch));
    none(all.flatMap(silenced));
    for (const text of [
      'try { a() } catch {}',
      'catch (e) { // never mind\n}',
      'p.catch(() => {});',
    ]) {
      assert.equal(emptyCatch(planted('x.ts', text)).length, 1, text);
    }
    assert.equal(silenced(planted('x.ts', '// @ts-ignore')).length, 1);
  });
});
