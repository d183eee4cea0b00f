/**
 * Duplicate addresses. The passive way runs against a real neighbour table; the active one against
 * a stand-in that prints what iputils arping 20221126 printed on a segment with a doubled address.
 */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createDuplicateWatch, type DuplicateWatch } from '../../src/io/arp.ts';
import {
  createNamespace,
  createRecorder,
  type Namespace,
  type Recorder,
  realClock,
} from './routes/namespace.ts';

const PATH = { id: 'scvm1/data', ip: '10.10.85.15' };
const OUTPUT = `ARPING 10.10.85.15 from 10.10.85.11 eth0
Unicast reply from 10.10.85.15 [2E:49:3B:28:DC:96]  0.574ms
Unicast reply from 10.10.85.15 [02:97:02:A4:86:CD]  0.589ms
Unicast reply from 10.10.85.15 [02:97:02:A4:86:CD]  0.528ms
Sent 2 probes (1 broadcast(s))
Received 3 response(s)`;

describe('arp', () => {
  let ns: Namespace;
  let seen: Recorder;
  let watch: DuplicateWatch;
  let logged: string[];

  const open = (arpingFile: string | null) => {
    watch = createDuplicateWatch({
      paths: [PATH],
      report: seen.report,
      clock: realClock,
      commandDeadlineMs: 2000,
      intervalMs: 50,
      ipFile: ns.ipFile,
      arpingFile,
      log: (line) => logged.push(line),
    });
  };
  const arping = (output: string) =>
    ns.script('arping', `echo "$*" >> ${ns.folder}/calls\ncat <<'END'\n${output}\nEND\nexit 1`);
  const calls = () => {
    const file = `${ns.folder}/calls`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  beforeEach(() => {
    ns = createNamespace();
    seen = createRecorder();
    logged = [];
  });
  afterEach(() => {
    watch.close();
    ns.destroy();
  });

  it('reports every MAC that answered the question', async () => {
    open(arping(OUTPUT));
    const fact = await seen.next('DUPLICATE_SEEN');
    assert.equal(fact.path, 'scvm1/data');
    assert.deepEqual(fact.macs, ['02:97:02:a4:86:cd', '2e:49:3b:28:dc:96']);
    assert.match(calls(), /^-c 2 -w 2 -I eth0 10\.10\.85\.15$/m);
  });

  it('reports nothing when one machine answers, however often', async () => {
    open(arping(OUTPUT.replace(/^.*2E:49.*\n/m, '')));
    while (calls().split('\n').length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(seen.facts, []);
  });

  it('sees an address flip between two MACs and back, and not a single change', async () => {
    open(null);
    assert.match(logged[0] ?? '', /no arping here/);
    const set = (mac: string) =>
      ns.ip(`neigh replace 10.10.85.15 dev eth0 lladdr ${mac} nud reachable`);
    // The listener does not say when it begins to hear: flip until it does, then count.
    const flipped = seen.next('DUPLICATE_SEEN');
    while (seen.facts.length === 0) {
      set('02:00:00:00:00:01');
      set('02:00:00:00:00:02');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual((await flipped).macs, ['02:00:00:00:00:01', '02:00:00:00:00:02']);
    watch.retarget([PATH]);
    const before = seen.facts.length;
    set('02:00:00:00:00:03');
    set('02:00:00:00:00:04');
    set('02:00:00:00:00:05');
    set('02:00:00:00:00:04');
    const isLast = (macs: readonly string[]) => macs.includes('02:00:00:00:00:04');
    const fact = await seen.next('DUPLICATE_SEEN', ({ macs }) => isLast(macs), 5000, before);
    assert.deepEqual(fact.macs, ['02:00:00:00:00:04', '02:00:00:00:00:05']);
  });
});
