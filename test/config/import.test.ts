/** Old files become configurations that pass the check, or are refused with all their problems. */

import assert from 'node:assert/strict';
import {
  detectOldFormat,
  hostStorageIp,
  importCluster,
  importOldFile,
  importScvmIp,
  parseCluster,
} from '../../src/config/import.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { BAD_OLD_FILES, GOOD_OLD_FILES } from './old-files.ts';
import { OLD_HOST_FILE, SHORTHAND } from './texts.ts';

type Result = ReturnType<typeof importScvmIp>;

function imported(result: Result) {
  assert.ok(result.ok, JSON.stringify(result));
  const parsed = parseConfig(result.text, { hostname: 'esx-07' });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return { config: parsed.config, text: result.text, notes: result.notes };
}

/** `name data manage access zone`, the local one with a star. */
function scvmsOf(result: Result): string[] {
  return imported(result).config.scvms.map((scvm) =>
    [
      `${scvm.name}${scvm.local ? '*' : ''}`,
      scvm.dataIp,
      scvm.manageIp,
      scvm.accessIp ?? '-',
      scvm.zone ?? '-',
    ].join(' '),
  );
}

function noteSays(result: Result, code: string): string {
  return imported(result).notes.find((note) => note.code === code)?.says ?? '';
}

describe('import of the old host file', () => {
  it('names SCVMs by address order, so every host gets the same names', () => {
    assert.deepEqual(scvmsOf(importScvmIp(OLD_HOST_FILE)), [
      'scvm1* 10.0.85.21 192.168.85.21 10.0.85.121 -',
      'scvm2 10.0.85.22 192.168.85.22 - -',
      'scvm3 10.0.85.23 192.168.85.23 - -',
    ]);
    assert.equal(imported(importScvmIp(OLD_HOST_FILE)).config.settings.hostId, 'esx-07');
  });

  it('pairs lists of different order by last octet and says so', () => {
    const result = importScvmIp(
      OLD_HOST_FILE.replace('192.168.85.23,192.168.85.22', '192.168.85.22,192.168.85.23'),
    );
    assert.deepEqual(scvmsOf(result), scvmsOf(importScvmIp(OLD_HOST_FILE)));
    assert.match(noteSays(result, 'CFG_IMPORT_PAIRED'), /by their last octet/);
  });

  it('pairs by position where last octets do not match and says so', () => {
    const result = importScvmIp(
      OLD_HOST_FILE.replace('192.168.85.23,192.168.85.22', '192.168.85.63,192.168.85.62'),
    );
    assert.deepEqual(scvmsOf(result).slice(1), [
      'scvm2 10.0.85.22 192.168.85.62 - -',
      'scvm3 10.0.85.23 192.168.85.63 - -',
    ]);
    assert.match(noteSays(result, 'CFG_IMPORT_PAIRED'), /by their position/);
  });

  it('pairs by position where a last octet occurs twice', () => {
    const data = '10.0.85.23,10.0.86.23,10.0.85.21';
    const manage = '192.168.85.23,192.168.86.23,192.168.85.21';
    const result = importScvmIp(
      OLD_HOST_FILE.replace('10.0.85.23,10.0.85.22,10.0.85.21', data).replace(
        '192.168.85.23,192.168.85.22,192.168.85.21',
        manage,
      ),
    );
    assert.deepEqual(scvmsOf(result).slice(1), [
      'scvm2 10.0.85.23 192.168.85.23 - -',
      'scvm3 10.0.86.23 192.168.86.23 - -',
    ]);
    assert.match(noteSays(result, 'CFG_IMPORT_PAIRED'), /by their position/);
  });

  it('accepts lists without the local SCVM and the plural spelling', () => {
    const result = importScvmIp(
      OLD_HOST_FILE.replace('active_scvm_data_ip=', 'active_scvm_data_ip_list=').replace(
        ',10.0.85.21',
        '',
      ),
    );
    assert.deepEqual(scvmsOf(result), scvmsOf(importScvmIp(OLD_HOST_FILE)));
  });

  it('makes two zones of the remote-zone lists', () => {
    const text = OLD_HOST_FILE.replace('zone_scvm_data_ip=', 'zone_scvm_data_ip=10.0.9.5').replace(
      'zone_scvm_manage_ip=',
      'zone_scvm_manage_ip=192.168.9.5',
    );
    const result = importScvmIp(text);
    assert.deepEqual(scvmsOf(result).slice(0, 2), [
      'scvm1 10.0.9.5 192.168.9.5 - remote',
      'scvm2* 10.0.85.21 192.168.85.21 10.0.85.121 local',
    ]);
    const paths = imported(result).config.settings.paths;
    assert.deepEqual(
      paths.filter(({ sameZone }) => !sameZone).map(({ id }) => id),
      ['scvm1/data', 'scvm1/manage'],
    );
  });

  it('notes that the old file knows no access IP but the local one', () => {
    assert.notEqual(noteSays(importScvmIp(OLD_HOST_FILE), 'CFG_IMPORT_ACCESS'), '');
    const without = importScvmIp(OLD_HOST_FILE.replace('10.0.85.121', ''));
    assert.equal(noteSays(without, 'CFG_IMPORT_ACCESS'), '');
  });
});

describe('import of the cluster shorthand', () => {
  it('makes the SCVM of the same position local and tells the networks apart', () => {
    assert.deepEqual(scvmsOf(importCluster(SHORTHAND, 1)), [
      'scvm1 10.10.85.15 192.168.85.15 - -',
      'scvm2* 10.10.85.16 192.168.85.16 - -',
      'scvm3 10.10.85.17 192.168.85.17 - -',
    ]);
    assert.equal(imported(importCluster(SHORTHAND, 1)).config.settings.hostId, 'host2');
  });

  it('does not depend on the order of the SCVM lines or of the sections', () => {
    const turned = 'scvm\n10.10.85.15 16 17\n192.168.85.15 16 17\n\nesxi\n192.168.85.11 12 13\n';
    assert.deepEqual(parseCluster(turned), parseCluster(SHORTHAND));
  });

  it("derives a host's storage address from its management address", () => {
    const result = parseCluster(SHORTHAND);
    assert.ok(result.ok);
    assert.deepEqual(
      result.cluster.hosts.map((host) => [
        host.name,
        host.manageIp,
        hostStorageIp(result.cluster, host),
      ]),
      [
        ['host1', '192.168.85.11', '10.10.85.11'],
        ['host2', '192.168.85.12', '10.10.85.12'],
        ['host3', '192.168.85.13', '10.10.85.13'],
      ],
    );
  });
});

describe('old files', () => {
  for (const { title, text, hostIndex } of GOOD_OLD_FILES) {
    it(`pass the check after import, with a header comment: ${title}`, () => {
      const { text: yaml } = imported(importOldFile(text, hostIndex));
      assert.match(yaml, /^# Reroute configuration of one host, imported from /);
    });
  }

  for (const { title, text, hostIndex, problems } of BAD_OLD_FILES) {
    it(`are refused with every problem and its line: ${title}`, () => {
      const result = importOldFile(text, hostIndex);
      assert.ok(!result.ok, JSON.stringify(result));
      const found = result.problems.map(({ code, line }) => [code, line]);
      assert.deepEqual(found, problems);
    });
  }

  it('are told apart, and a new configuration is neither', () => {
    assert.equal(detectOldFormat(OLD_HOST_FILE), 'scvm_ip');
    assert.equal(detectOldFormat(SHORTHAND), 'cluster');
    assert.equal(detectOldFormat('# a\n\nHosts:\n'), 'cluster');
    assert.equal(detectOldFormat('scvms:\n  - { name: a }\n'), 'cluster');
    assert.equal(detectOldFormat('nfs_ip: 10.0.0.1\nscvms:\n'), null);
    assert.equal(detectOldFormat(''), null);
  });
});
