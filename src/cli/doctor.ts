/**
 * `reroute doctor`: what would stop the daemon on this host. Each finding says what was looked at,
 * what was found and what to do. Nothing is changed; the lock is tried and given back.
 */

import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { askControl } from '../io/control-client.ts';
import { rawSocketProblem } from '../io/icmp/socket.ts';
import { takeLock } from '../io/lock.ts';
import { readAddresses } from '../io/routes/addresses.ts';
import { findTool, type Tool } from '../io/routes/tools.ts';
import { loadConfig } from './load-config.ts';
import { colours, DONE, FAILED, fail, print, printJson, WRONG_USAGE } from './output.ts';

interface Finding {
  readonly what: string;
  readonly grade: 'good' | 'note' | 'bad';
  readonly says: string;
}

const good = (what: string, says: string): Finding => ({ what, grade: 'good', says });
const note = (what: string, says: string): Finding => ({ what, grade: 'note', says });
const bad = (what: string, says: string): Finding => ({ what, grade: 'bad', says });

export async function doctor(options: { config: string; json?: boolean }): Promise<number> {
  const loaded = await loadConfig(options.config);
  if (!loaded.ok) return fail(loaded.text, WRONG_USAGE);
  const { config } = loaded;
  const findings = [
    good(
      'configuration',
      `${options.config}: ${config.scvms.length} SCVMs, host ${config.settings.hostId}`,
    ),
    rawSocket(),
    netAdmin(),
    ...tools(config),
    await lockOrDaemon(config),
    ...(await networks(config)),
    clockSource(),
  ];
  if (options.json) printJson(findings);
  else for (const f of findings) print(`${mark[f.grade]}  ${f.what}: ${f.says}`);
  return findings.some((f) => f.grade === 'bad') ? FAILED : DONE;
}

const mark = {
  good: colours.green('good'),
  note: colours.yellow('note'),
  bad: colours.red('BAD '),
};

function rawSocket(): Finding {
  const problem = rawSocketProblem();
  return problem === null ? good('raw socket', 'opens') : bad('raw socket', problem);
}

const CAP_NET_ADMIN = 12n;

function netAdmin(): Finding {
  const bits =
    /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  if ((BigInt(`0x${bits}`) >> CAP_NET_ADMIN) & 1n) return good('routes', 'CAP_NET_ADMIN is held');
  return bad(
    'routes',
    'no CAP_NET_ADMIN: run as root, or with AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW',
  );
}

function tools(config: Config): Finding[] {
  const needed: [Tool, string, Finding['grade']][] =
    config.platform === 'esxi'
      ? [['esxcfg-route', 'part of ESXi', 'bad']]
      : [
          ['ip', 'package iproute2', 'bad'],
          ['ss', 'package iproute2: without it stale connections are not broken', 'note'],
          [
            'arping',
            'package iputils-arping: without it most duplicate addresses go unseen',
            'note',
          ],
        ];
  return needed.map(([tool, hint, grade]): Finding => {
    const file = findTool(tool);
    return file === null ? { what: tool, grade, says: `not found; ${hint}` } : good(tool, file);
  });
}

async function lockOrDaemon(config: Config): Promise<Finding> {
  const lock = takeLock(config.lockFile);
  if (lock.ok) {
    lock.release();
    return good('lock', `${config.lockFile} is free: no daemon runs`);
  }
  if (lock.holderPid === null) return bad('lock', lock.error);
  const reply = await askControl(config.control.socket, 'GET', '/status');
  if (reply.ok) return note('lock', `a daemon runs and answers (pid ${lock.holderPid})`);
  return bad('lock', `pid ${lock.holderPid} holds ${config.lockFile} but ${reply.problem}`);
}

async function networks(config: Config): Promise<Finding[]> {
  const tool = findTool('ip');
  if (tool === null) return [];
  const read = await readAddresses(tool, config.settings.switch.commandDeadlineMs);
  if (!read.ok) return [bad('interfaces', read.error)];
  const { findLink } = await import('../io/routes/addresses.ts');
  return config.settings.paths.map((p) => {
    const link = findLink(read.addresses, p.ip);
    if (!link)
      return bad(p.id, `${p.ip} lies in no network of this host: check the address or add one`);
    if (!link.up) return bad(p.id, `interface ${link.device} is down`);
    return good(p.id, `${p.ip} is reached from ${link.source} on ${link.device}`);
  });
}

function clockSource(): Finding {
  try {
    const file = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
    const source = readFileSync(file, 'utf8').trim();
    return source === 'jiffies'
      ? bad('clock', 'jiffies: too coarse to time probes')
      : good('clock', source);
  } catch {
    return note('clock', 'the clock source cannot be read here');
  }
}
