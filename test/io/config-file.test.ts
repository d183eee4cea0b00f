/** configuration file: read with bounds, every refusal says what to do. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_MAX_BYTES, readConfigFile } from '../../src/io/config-file.ts';
import { scratchFolders } from './scratch.ts';

describe('configuration file', () => {
  const folder = scratchFolders();

  it('text: is read whole, through a link, without a byte order mark', async () => {
    const at = folder();
    const file = join(at, 'reroute.yaml');
    for (const text of ['', 'nfs_ip: 192.168.33.2 # Ü\n', 'x'.repeat(CONFIG_MAX_BYTES)]) {
      writeFileSync(file, text);
      assert.deepEqual(await readConfigFile(file), { ok: true, text });
    }
    writeFileSync(file, '\ufeffa: 1\n');
    symlinkSync(file, join(at, 'link'));
    assert.deepEqual(await readConfigFile(join(at, 'link')), { ok: true, text: 'a: 1\n' });
  });

  it('what is no configuration: is refused with its name and a remedy', async () => {
    const at = folder();
    writeFileSync(join(at, 'large'), 'x'.repeat(CONFIG_MAX_BYTES + 1));
    writeFileSync(join(at, 'latin1'), Buffer.from([0x61, 0xfc, 0x0a]));
    execFileSync('mkfifo', [join(at, 'fifo')]);
    const cases: [string, RegExp][] = [
      ['missing', /does not exist; write one, or .*reroute import/],
      ['large', /larger than 1 MiB/],
      ['latin1', /not UTF-8/],
      ['fifo', /not a regular file/],
      ['.', /not a regular file/],
      ['/dev/zero', /not a regular file/],
    ];
    for (const [name, expected] of cases) {
      const file = name.startsWith('/') ? name : join(at, name);
      const answer = await readConfigFile(file);
      assert.ok(!answer.ok && answer.problem.startsWith(`configuration ${file}: `), name);
      assert.match(answer.problem, expected);
    }
  });
});
