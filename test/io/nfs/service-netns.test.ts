import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Fact } from '../../../src/machines/events.ts';
import { createFactLog, type FactLog } from './fact-log.ts';

/** What loopback cannot show: a network that loses packets, an absent next hop, no route. */
describe('service probe: across a network', () => {
  const host = `rr${process.pid}svh`;
  const scvm = `rr${process.pid}svs`;
  const hostIp = '10.99.7.1';
  const scvmIp = '10.99.7.2';
  let log: FactLog;
  const children: ChildProcess[] = [];

  function ip(...args: string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  function run(netns: string, program: string, ...args: string[]): ChildProcess {
    const script = new URL(program, import.meta.url).pathname;
    const command = ['netns', 'exec', netns, process.execPath, '--import', 'tsx', script, ...args];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async function serve(port: number): Promise<[ChildProcess, number]> {
    const child = run(scvm, './rpc-server.ts', scvmIp, String(port));
    assert.ok(child.stdout);
    const [line] = await once(child.stdout, 'data');
    return [child, Number(String(line))];
  }

  function probe(port: number, intervalMs: number, ...ips: string[]): void {
    const child = run(host, './probe-program.ts', String(port), String(intervalMs), ...ips);
    assert.ok(child.stdout);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fact: Fact = JSON.parse(line);
      log.report(fact);
    });
  }

  before(() => {
    ip('netns', 'add', host);
    ip('netns', 'add', scvm);
    ip('-n', host, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', scvm);
    ip('-n', host, 'addr', 'add', `${hostIp}/24`, 'dev', 'v0');
    ip('-n', scvm, 'addr', 'add', `${scvmIp}/24`, 'dev', 'v1');
    // The kernel tells itself about the failed ARP by ICMP, over loopback.
    ip('-n', host, 'link', 'set', 'lo', 'up');
    ip('-n', host, 'link', 'set', 'v0', 'up');
    ip('-n', scvm, 'link', 'set', 'v1', 'up');
  });
  beforeEach(() => {
    log = createFactLog();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child);
  });
  after(() => {
    for (const netns of [host, scvm]) {
      try {
        ip('netns', 'del', netns);
      } catch (cause) {
        process.stderr.write(`${netns} is not there: ${String(cause)}\n`);
      }
    }
  });

  it('leaves a half-open connection within an interval instead of waiting for its backoff', async () => {
    const [first, port] = await serve(0);
    probe(port, 500, scvmIp);
    await log.next('SERVICE_ANSWERED', 1);
    // Packets are lost both ways while the process is replaced: its RST never reaches the host.
    execFileSync('ip', ['netns', 'exec', scvm, 'nft', 'add', 'table', 'ip', 'loss']);
    const hook = '{ type filter hook prerouting priority -300; policy drop; }';
    const out = '{ type filter hook output priority 0; policy drop; }';
    for (const [name, rule] of [
      ['in', hook],
      ['out', out],
    ] as const) {
      const args = ['nft', 'add', 'chain', 'ip', 'loss', name, rule];
      execFileSync('ip', ['netns', 'exec', scvm, ...args]);
    }
    for (let seen = 0, at = 0; seen < 3; seen += 1) {
      at = log.facts.indexOf(await log.next('SERVICE_SILENT', at)) + 1;
    }
    await end(first);
    await serve(port);
    const from = log.facts.length;
    execFileSync('ip', ['netns', 'exec', scvm, 'nft', 'delete', 'table', 'ip', 'loss']);
    await log.next('SERVICE_ANSWERED', from);
    assert.equal(log.count('SERVICE_REFUSED'), 0);
    const silences = log.facts.slice(from).filter((fact) => fact.type === 'SERVICE_SILENT');
    assert.ok(silences.length <= 2, `${silences.length} more silences after the repair`);
  });

  it('reports an address that answers no ARP as silent, before the wait is over', async () => {
    probe(2049, 8000, '10.99.7.77');
    const silent = await log.next('SERVICE_SILENT');
    assert.ok(silent.waitedMs < 7500, `EHOSTUNREACH came first, after ${silent.waitedMs} ms`);
    assert.equal(log.facts.length, 1);
  });

  it('reports a missing and a forbidden route as could-not-ask', async () => {
    ip('-n', host, 'route', 'add', 'prohibit', '203.0.113.1');
    probe(2049, 500, '198.51.100.1', '203.0.113.1');
    const seen = new Map<string, string>();
    for (let at = 0; seen.size < 2; at += 1) {
      const fact = await log.next('SERVICE_UNASKED', at);
      seen.set(fact.path, fact.error);
    }
    assert.equal(seen.get('198.51.100.1'), 'could not connect (ENETUNREACH)');
    assert.match(seen.get('203.0.113.1') ?? '', /EACCES/);
    assert.equal(log.count('SERVICE_SILENT') + log.count('SERVICE_REFUSED'), 0);
  });
});
