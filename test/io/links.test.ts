/**
 * Links per path, against real interfaces in a network namespace.
 */

import assert from 'node:assert/strict';
import { createLinkWatch, type LinkWatch } from '../../src/io/links.ts';
import { findLink, parseAddresses } from '../../src/io/routes/addresses.ts';
import {
  createNamespace,
  createRecorder,
  type Namespace,
  type Recorder,
  realClock,
} from './routes/namespace.ts';

const PATHS = [
  { id: 'scvm1/data', ip: '10.10.85.15' },
  { id: 'scvm1/manage', ip: '192.168.85.15' },
  { id: 'scvm9/data', ip: '172.16.0.1' },
];

describe('links', () => {
  let ns: Namespace;
  let seen: Recorder;
  let watch: LinkWatch | null;

  const open = (ipFile = ns.ipFile, log?: (line: string) => void) => {
    watch = createLinkWatch({
      paths: PATHS,
      report: seen.report,
      clock: realClock,
      commandDeadlineMs: 2000,
      ipFile,
      ...(log === undefined ? {} : { log }),
    });
    return watch;
  };
  /** The next report in which the storage link has this state. */
  const storageUp = (up: boolean) =>
    seen.next(
      'LINKS_READ',
      (fact) => fact.byPath['scvm1/data']?.up === up,
      2000,
      seen.facts.length,
    );

  beforeEach(() => {
    ns = createNamespace();
    seen = createRecorder();
    watch = null;
  });
  afterEach(() => {
    watch?.close();
    ns.destroy();
  });

  it('reads interface, state and own address of each path; null where there is no network', async () => {
    open();
    const { byPath } = await seen.next('LINKS_READ');
    assert.deepEqual(byPath, {
      'scvm1/data': { device: 'eth0', up: true, source: '10.10.85.11' },
      'scvm1/manage': { device: 'eth1', up: true, source: '192.168.85.11' },
      'scvm9/data': null,
    });
  });

  it('notices a link that is set down, one that loses its carrier, and their return', async () => {
    open();
    await storageUp(true);
    for (const device of ['eth0', 'eth0p']) {
      const down = storageUp(false);
      ns.ip(`link set ${device} down`);
      const { byPath } = await down;
      assert.equal(byPath['scvm1/manage']?.up, true);
      const up = storageUp(true);
      ns.ip(`link set ${device} up`);
      await up;
    }
  });

  it('notices a changed own address, and prefers the longest prefix', async () => {
    open();
    await seen.next('LINKS_READ');
    const changed = seen.next(
      'LINKS_READ',
      (fact) => fact.byPath['scvm1/data']?.source === '10.10.85.14',
    );
    ns.ip('addr add 10.10.85.14/28 dev eth1');
    assert.equal((await changed).byPath['scvm1/data']?.device, 'eth1');
  });

  it('reports again only when something changed or it is asked', async () => {
    const opened = open();
    await seen.next('LINKS_READ');
    const next = seen.next('LINKS_READ', () => true, 5000, 1);
    ns.ip('link add other type bridge'); // an event that changes no path
    ns.ip('addr add 172.16.0.9/24 dev other');
    assert.equal((await next).byPath['scvm9/data']?.device, 'other');
    assert.equal(seen.facts.length, 2);
    opened.read();
    await seen.next('LINKS_READ', () => true, 5000, 2);
    opened.retarget([{ id: 'a', ip: '192.168.33.2' }]);
    const { byPath } = await seen.next('LINKS_READ', () => true, 5000, 3);
    assert.deepEqual(byPath, { a: { device: 'nfs0', up: true, source: '192.168.33.1' } });
  });

  it('reports nothing, and says so once, when the tool talks nonsense', async () => {
    const logged: string[] = [];
    let told: () => void = () => undefined;
    const complained = new Promise<void>((resolve) => {
      told = resolve;
    });
    const opened = open(ns.script('fake', 'echo "[{}, 7]"'), (line) => {
      logged.push(line);
      if (line.includes('cannot be read')) told();
    });
    opened.read();
    opened.read();
    await complained;
    assert.deepEqual(seen.facts, []);
    assert.equal(logged.filter((line) => line.includes('cannot be read')).length, 1);
  });

  it('reads the same from a tool that is too old for JSON', async () => {
    const refuse =
      'case "$1" in -j) echo "Option -j is unknown" | sed "s/-j/\\"&\\"/" >&2; exit 255;; esac';
    ns.ip('link set eth1p down');
    open(ns.script('old', `${refuse}\nexec ${ns.ipFile} "$@"`));
    const { byPath } = await seen.next('LINKS_READ');
    assert.deepEqual(byPath, {
      'scvm1/data': { device: 'eth0', up: true, source: '10.10.85.11' },
      'scvm1/manage': { device: 'eth1', up: false, source: '192.168.85.11' },
      'scvm9/data': null,
    });
  });

  it('finds the far end of a point-to-point link by its own address', () => {
    const addresses = parseAddresses(
      JSON.stringify([
        {},
        {
          ifname: 'ppp0',
          flags: ['POINTOPOINT', 'UP'],
          operstate: 'UNKNOWN',
          addr_info: [{ family: 'inet', local: '10.0.0.1', address: '10.9.9.9', prefixlen: 32 }],
        },
      ]),
    );
    assert.ok(addresses);
    const found = findLink(addresses, '10.9.9.9');
    assert.deepEqual(found, { device: 'ppp0', up: true, source: '10.0.0.1' });
    assert.equal(findLink(addresses, '10.0.0.1'), null);
  });
});
