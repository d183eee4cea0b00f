/**
 * SessionMaster and insight as pure machines: leases in virtual time, whose logins are revoked,
 * and the exporter's exact text.
 */

import assert from 'node:assert/strict';
import type { SessionBeat } from '../../src/lab/channel.ts';
import { createInsight } from '../../src/lab/insight.ts';
import { createMaster } from '../../src/lab/master.ts';

function beatOf(n: number, more: Partial<SessionBeat> = {}): SessionBeat {
  return {
    type: 'beat',
    seq: 1,
    scvm: `scvm${n}`,
    uuid: `00000000-0000-4000-8000-00000000000${n}`,
    ip: `10.10.85.${14 + n}`,
    manageIp: `192.168.85.${14 + n}`,
    zone: null,
    ageMs: 0,
    clientIps: [],
    ...more,
  };
}

describe('lab session master', () => {
  it('lease: alive until its end, listed as not alive through the grace, then absent', () => {
    const master = createMaster(7000, 30_000);
    assert.deepEqual(
      master.beat(beatOf(1), 0).map((change) => change.state),
      ['new'],
    );
    assert.deepEqual(master.sweep(7000), []);
    assert.equal(master.sweep(7001)[0]?.state, 'lapsed');
    assert.equal(master.rows(7001)[0]?.alive, false);
    assert.deepEqual(master.sweep(37_000), []);
    assert.equal(master.sweep(37_001)[0]?.state, 'removed');
    assert.deepEqual(master.rows(37_001), []);
  });

  it('lease: a late heartbeat of the same session makes it alive again, age goes on', () => {
    const master = createMaster(7000, 30_000);
    master.beat(beatOf(1), 0);
    master.sweep(10_000);
    const changes = master.beat(beatOf(1, { ageMs: 12_000 }), 12_000);
    assert.deepEqual(
      changes.map((change) => change.state),
      ['alive'],
    );
    assert.equal(master.rows(15_000)[0]?.alive_sec, 15);
  });

  it('record: a heartbeat that left before it does not wipe it, a new uuid does', () => {
    const master = createMaster(7000, 30_000);
    const beat = beatOf(1);
    master.beat(beat, 0);
    assert.equal(master.refresh(beat.uuid, ['10.10.85.11']), 'scvm1');
    master.beat(beat, 10);
    assert.deepEqual(master.rows(10)[0]?.local_client_ips, ['10.10.85.11']);
    master.beat(beatOf(1, { uuid: '00000000-0000-4000-8000-0000000000aa' }), 20);
    assert.deepEqual(master.rows(20)[0]?.local_client_ips, []);
    assert.equal(master.refresh(beat.uuid, []), null);
  });

  it('login: all recorded addresses are revoked elsewhere, the private one only at home', () => {
    const master = createMaster(7000, 30_000);
    for (const n of [1, 2, 3]) {
      const clientIps = [`10.10.85.${10 + n}`, `192.168.85.${10 + n}`];
      master.beat(beatOf(n, { clientIps }), 0);
    }
    const ips = ['10.10.85.11', '192.168.85.11'];
    assert.deepEqual(master.login('scvm2', '10.10.85.11'), {
      recorded: true,
      revoke: [
        { scvm: 'scvm1', clients: [...ips, '192.168.33.1'] },
        { scvm: 'scvm3', clients: ips },
      ],
    });
    assert.deepEqual(master.login('scvm1', '192.168.33.1'), {
      recorded: true,
      revoke: [
        { scvm: 'scvm2', clients: ips },
        { scvm: 'scvm3', clients: ips },
      ],
    });
  });

  it('login: without a record only the very same address can be revoked', () => {
    const master = createMaster(7000, 30_000);
    for (const n of [1, 2]) master.beat(beatOf(n), 0);
    assert.deepEqual(master.login('scvm2', '10.10.85.11'), {
      recorded: false,
      revoke: [{ scvm: 'scvm1', clients: ['10.10.85.11'] }],
    });
    assert.deepEqual(master.login('scvm1', '192.168.33.1'), { recorded: false, revoke: [] });
  });
});

describe('lab insight', () => {
  const UUID = '4ab5ad8e-bb19-4e89-ab00-cb541d20da50';
  const beat = (target: string) => ({
    hypervisorIp: '192.168.85.11',
    localScvmDataIp: '10.0.130.71',
    nfsTargetIp: target,
    ttlSeconds: 9,
  });

  it('nobody heard: the exporter text of the real one, letter by letter', () => {
    const text = createInsight(UUID, ['10.0.130.71', '10.0.130.73']).metrics(0);
    assert.equal(
      text,
      [
        '# HELP zbs_ioreroute_server_status the status of ioreroute server, 0: ioreroute is normal which means hypervisor route to data ip of local scvm, 1: ioreroute not working, 2: ioreroute is working but not normal',
        '# TYPE zbs_ioreroute_server_status gauge',
        'zbs_ioreroute_server_status{_data_ip="10.0.130.71"} 1.000000',
        'zbs_ioreroute_server_status{_data_ip="10.0.130.73"} 1.000000',
        '# HELP zbs_ioreroute_cluster_normal_num the num of ioreroute servers which is normal, normal means hypervisor route to data ip of local scvm',
        '# TYPE zbs_ioreroute_cluster_normal_num gauge',
        `zbs_ioreroute_cluster_normal_num{_uuid="${UUID}"} 0.000000`,
        '# HELP zbs_ioreroute_cluster_connected_num the num of ioreroute servers with heartbeat',
        '# TYPE zbs_ioreroute_cluster_connected_num gauge',
        `zbs_ioreroute_cluster_connected_num{_uuid="${UUID}"} 0.000000`,
        '# HELP zbs_ioreroute_cluster_total_num total num of ioreroute servers',
        '# TYPE zbs_ioreroute_cluster_total_num gauge',
        `zbs_ioreroute_cluster_total_num{_uuid="${UUID}"} 2.000000`,
        '',
      ].join('\n'),
    );
  });

  it('status: 0 routed home, 2 routed elsewhere, 1 again after the ttl', () => {
    const insight = createInsight(UUID, ['10.0.130.71']);
    insight.hear(beat('10.0.130.71'), 0);
    assert.match(insight.metrics(9000), /_data_ip="10\.0\.130\.71"\} 0\.000000/);
    insight.hear(beat('10.0.130.73'), 0);
    assert.match(insight.metrics(9000), /_data_ip="10\.0\.130\.71"\} 2\.000000/);
    assert.match(insight.metrics(9001), /_data_ip="10\.0\.130\.71"\} 1\.000000/);
  });
});
