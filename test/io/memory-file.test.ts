/** memory: times survive restarts, other boots and a clock that was set; bad files are set aside. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemorySaver, loadMemory, memoryFile } from '../../src/io/memory-file.ts';
import type { Memory } from '../../src/machines/model.ts';
import { memory } from './facts.ts';
import { scratchFolders } from './scratch.ts';

const WALL = 1_700_000_000_000;
const at = (nowMs: number) => ({ nowMs: () => nowMs });

describe('memory file', () => {
  const folder = scratchFolders();
  const warned: string[] = [];
  const log = { warn: (text: string) => warned.push(text) };

  const save = async (stateDir: string, kept: Memory, nowMs: number): Promise<void> => {
    const saver = createMemorySaver({ stateDir, clock: at(nowMs), log, wallNowMs: () => WALL });
    saver.save(kept);
    await saver.close(5000);
    assert.equal(saver.errorCount(), 0);
  };
  const asOtherBoot = (stateDir: string): void => {
    const file = memoryFile(stateDir);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"bootId": "[^"]*"/, '"bootId": "x"'));
  };
  const load = (stateDir: string, nowMs: number, wallMs: number): Memory => {
    const { memory: loaded, problem } = loadMemory(stateDir, at(nowMs), () => wallMs);
    assert.equal(problem, null);
    assert.ok(loaded !== null);
    return loaded;
  };

  it('first start: there is none, and that is no problem', () => {
    const none = { memory: null, problem: null };
    assert.deepEqual(loadMemory(folder(), at(0)), none);
    assert.deepEqual(loadMemory(join(folder(), 'missing'), at(0)), none);
  });

  it('same boot: comes back as it was, to 1 ms, even after the wall clock was set', async () => {
    const dir = join(folder(), 'made/by/us');
    await save(dir, memory, 50_000);
    for (const wallMs of [WALL, WALL - 1e9, WALL + 1e9]) {
      const loaded = load(dir, 60_000, wallMs);
      assert.deepEqual(
        { ...loaded, leftAtMs: { ...loaded.leftAtMs, 'scvm2/data': 700.25 } },
        memory,
      );
      assert.ok(Math.abs((loaded.leftAtMs['scvm2/data'] ?? 0) - 700.25) <= 1);
    }
  });

  it('on disk: times are wall-clock ms', async () => {
    const dir = folder();
    await save(dir, memory, 50_000);
    const file = JSON.parse(readFileSync(memoryFile(dir), 'utf8'));
    assert.equal(file.memory.arrivedAtMs, WALL - 50_000 + 900);
    assert.equal(file.memory.pin.untilMs, WALL + 49_000);
  });

  it('other boot: ages grow by the wall time that passed; times may lie before the boot', async () => {
    const dir = folder();
    await save(dir, memory, 50_000);
    asOtherBoot(dir);
    const loaded = load(dir, 3_000, WALL + 20_000);
    assert.equal(loaded.arrivedAtMs, 3_000 - 20_000 - (50_000 - 900));
    assert.deepEqual(loaded.preferredAtMs, [-66_900, -66_800, -66_700]);
    assert.equal(loaded.pin?.untilMs, 3_000 + 29_000);
  });

  it('other boot, clock set back: nothing lies in the future, a pin lasts no longer', async () => {
    const dir = folder();
    await save(dir, { ...memory, arrivedAtMs: 50_000 }, 50_000);
    asOtherBoot(dir);
    const loaded = load(dir, 3_000, WALL - 1e9);
    assert.equal(loaded.arrivedAtMs, 3_000);
    assert.equal(loaded.pin?.untilMs, 3_000 + 49_000);
  });

  it('time in the future of the file itself: is clamped to now', async () => {
    const dir = folder();
    await save(dir, { ...memory, servingSinceMs: 1e9, leftAtMs: { a: 1e9 } }, 50_000);
    const loaded = load(dir, 60_000, WALL);
    assert.equal(loaded.servingSinceMs, 60_000);
    assert.deepEqual(loaded.leftAtMs, { a: 60_000 });
  });

  it('bad or foreign file: no memory, a problem in words, and the file kept aside', async () => {
    const dir = folder();
    await save(dir, memory, 50_000);
    const good = readFileSync(memoryFile(dir), 'utf8');
    const bad = ['', '{', '[]', good.slice(0, -20), good.replace('"v": 1', '"v": 2')];
    bad.push(good.replace('"relapses": 2', '"relapses": -1'), good.replace('"paused"', '"pawsed"'));
    for (const text of bad) {
      writeFileSync(memoryFile(dir), text);
      const { memory: loaded, problem } = loadMemory(dir, at(0));
      assert.equal(loaded, null);
      assert.match(problem ?? '', /is not usable: .*; kept aside as .*memory\.json\.bad$/);
      assert.equal(readFileSync(`${memoryFile(dir)}.bad`, 'utf8'), text);
      assert.ok(!existsSync(memoryFile(dir)));
    }
  });

  it('saver: many saves in a row leave the newest, whole', async () => {
    const dir = folder();
    const saver = createMemorySaver({ stateDir: dir, clock: at(50_000), log });
    for (let relapses = 0; relapses <= 500; relapses++) saver.save({ ...memory, relapses });
    await saver.close(5000);
    saver.save(memory);
    assert.equal(load(dir, 60_000, WALL).relapses, 500);
  });

  it('saver: a folder that cannot be made is told once, retried, and never thrown', async () => {
    const dir = join(folder(), 'state');
    writeFileSync(dir, '');
    warned.length = 0;
    const saver = createMemorySaver({ stateDir: dir, clock: at(0), log, retryMs: 5 });
    saver.save(memory);
    while (saver.errorCount() < 3) await new Promise((resolve) => setImmediate(resolve));
    await saver.close();
    assert.equal(warned.length, 1);
    assert.match(warned[0] ?? '', /^memory not saved: /);
  });
});
