/**
 * Carries out faults, one after the other, and says what was done. A fault that cannot be done now
 * (unknown name, the SCVM is off) rejects and changes nothing.
 */

import { must, run } from './commands.ts';
import type { Consensus } from './consensus.ts';
import { type Fault, REST_MODES, type RestMode, type Where } from './fault.ts';
import type { Filters } from './filters.ts';
import { type Cable, duplicateOf, type LabNode, type LabPlan, NFS_IP } from './plan.ts';
import type { ScvmLife } from './scvm.ts';
import { buildNode, removeNamespaces, setCarrier } from './topology.ts';

export interface Hands {
  /** What was done, one line. */
  carryOut(fault: Fault): Promise<string>;
  /** One line per fault that lasts; empty: nothing is wrong. */
  standing(): string[];
  /** True while the node's storage cable is in and passes frames. */
  hasStorage(node: LabNode): boolean;
  restMode(scvm: string): RestMode;
}

export interface HandsOptions {
  readonly plan: LabPlan;
  readonly lives: readonly ScvmLife[];
  readonly filters: Filters;
  readonly consensus: () => Consensus;
}

export function createHands(options: HandsOptions): Hands {
  const { plan, lives, filters, consensus } = options;
  const pulled = new Map<string, Cable>();
  const duplicates = new Map<string, LabNode>();
  const restModes = new Map<string, RestMode>();

  const oneOf = <T extends { name: string }>(nodes: readonly T[], name: string): T => {
    const found = nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
    throw new Error(`no "${name}" here; one of ${nodes.map((node) => node.name).join(', ')}`);
  };
  const nodeNamed = (name: string) => oneOf([...plan.hosts, ...plan.scvms], name);
  const lifeOf = (name: string): ScvmLife => {
    const { name: known } = oneOf(plan.scvms, name);
    const life = lives.find((candidate) => candidate.node.name === known);
    if (life === undefined) throw new Error(`${name} has no life`);
    return life;
  };
  const cablesOf = (node: LabNode, where: Where): Cable[] => {
    return node.cables.filter((cable) => where === 'all' || cable.network === where);
  };
  const isOff = (node: LabNode) =>
    lives.some((life) => life.node === node && life.state().power !== 'on');

  /** After a boot the new ports must show the faults that were set meanwhile. */
  const pullAgain = async (node: LabNode) => {
    const cables = node.cables.filter((cable) => pulled.has(cable.port));
    if (cables.length > 0) await setCarrier(plan, cables, 'down');
    consensus().recheck();
  };
  const powerOn = (life: ScvmLife) => life.powerOn(() => pullAgain(life.node));

  const setLinks = async (name: string, where: Where, state: 'up' | 'down') => {
    const node = nodeNamed(name);
    const cables = cablesOf(node, where);
    for (const cable of cables) {
      if (state === 'down') pulled.set(cable.port, cable);
      else pulled.delete(cable.port);
    }
    if (!isOff(node)) await setCarrier(plan, cables, state);
    consensus().recheck();
    return `${cables.map((cable) => cable.port).join(', ')} ${state}`;
  };
  const isolate = async (name: string, where: Where, on: boolean) => {
    for (const cable of cablesOf(nodeNamed(name), where)) {
      await filters.set(cable, { isolated: on });
    }
    consensus().recheck();
    return `${name} ${where}: ${on ? 'nothing passes, carrier stays' : 'frames pass again'}`;
  };
  const setRest = (scvm: string, mode: RestMode) => {
    restModes.set(scvm, mode);
    lifeOf(scvm).send({ type: 'rest', mode });
  };
  const endDuplicate = async (scvm: string) => {
    const node = duplicates.get(scvm);
    if (node === undefined) throw new Error(`${scvm} has no duplicate`);
    duplicates.delete(scvm);
    for (const { port } of node.cables) {
      await must('ip', ['-n', plan.switchNamespace, 'link', 'del', port]);
    }
    await removeNamespaces([node.namespace]);
  };
  const deleteRoute = async (host: string) => {
    const { namespace } = oneOf(plan.hosts, host);
    const shown = await must('ip', ['-n', namespace, 'route', 'show', 'exact', `${NFS_IP}/32`]);
    const there = shown.split('\n').filter((line) => line.trim() !== '').length;
    let count = 0;
    // Not until none is left: that would delete a controller's repairs as fast as it makes them.
    while (count < there) {
      const { code } = await run('ip', ['-n', namespace, 'route', 'del', `${NFS_IP}/32`]);
      if (code !== 0) break;
      count += 1;
    }
    return count === 0 ? `${host} had no route to ${NFS_IP}/32` : `${count} deleted on ${host}`;
  };
  const foreignRoute = async (host: string, via: string, metric: number | null) => {
    const { namespace } = oneOf(plan.hosts, host);
    const gateway = plan.cluster.scvms.find((scvm) => scvm.name === via)?.dataIp ?? via;
    const words = metric === null ? [] : ['metric', String(metric)];
    const route = [`${NFS_IP}/32`, 'via', gateway, ...words];
    await must('ip', ['-n', namespace, 'route', 'replace', ...route]);
    return `${host}: ${route.join(' ')}`;
  };
  const heal = async () => {
    await filters.clear();
    const cables = [...pulled.values()];
    pulled.clear();
    for (const node of [...plan.hosts, ...plan.scvms]) {
      const own = node.cables.filter((cable) => cables.includes(cable));
      if (own.length > 0 && !isOff(node)) await setCarrier(plan, own, 'up');
    }
    for (const scvm of [...duplicates.keys()]) await endDuplicate(scvm);
    for (const life of lives) {
      setRest(life.node.name, 'ok');
      const { power, access, loop } = life.state();
      if (power === 'off') powerOn(life);
      if (power !== 'on') continue;
      if (loop) await life.loop(null, 0);
      else if (access === 'down') await life.startAccess();
      else if (access === 'frozen') life.freezeAccess(false);
    }
    if (consensus().leader() === null) consensus().elect();
    return 'everything undone; routes stay';
  };

  const carryOut = async (fault: Fault): Promise<string> => {
    switch (fault.type) {
      case 'power-off':
        await lifeOf(fault.scvm).powerOff();
        consensus().recheck();
        return `${fault.scvm} is off`;
      case 'power-on':
        powerOn(lifeOf(fault.scvm));
        return `${fault.scvm} is booting`;
      case 'kill-access':
        await lifeOf(fault.scvm).killAccess();
        return `the access service of ${fault.scvm} is dead`;
      case 'start-access':
        await lifeOf(fault.scvm).startAccess();
        return `the access service of ${fault.scvm} runs`;
      case 'freeze-access':
      case 'thaw-access':
        lifeOf(fault.scvm).freezeAccess(fault.type === 'freeze-access');
        return `the access service of ${fault.scvm} ${fault.type === 'freeze-access' ? 'stands still' : 'goes on'}`;
      case 'restart-loop':
        await lifeOf(fault.scvm).loop(fault.everyMs, fault.downMs);
        if (fault.everyMs === null) return `the access service of ${fault.scvm} stays up`;
        return `every ${fault.everyMs} ms it is down for ${fault.downMs} ms`;
      case 'link-down':
      case 'link-up':
        return setLinks(fault.node, fault.network, fault.type === 'link-up' ? 'up' : 'down');
      case 'isolate':
        return isolate(fault.node, fault.network, fault.on);
      case 'loss':
        for (const cable of cablesOf(nodeNamed(fault.node), fault.network)) {
          await filters.set(cable, { lossPercent: fault.percent });
        }
        return `${fault.percent}% of the frames towards ${fault.node} are lost`;
      case 'mtu':
        for (const cable of cablesOf(nodeNamed(fault.node), fault.network)) {
          await filters.set(cable, { mtu: fault.bytes });
        }
        if (fault.bytes === 0) return `${fault.node}: every size passes`;
        return `${fault.node}: packets over ${fault.bytes} bytes vanish`;
      case 'leader-away':
        consensus().away(fault.forMs);
        return `nobody leads for ${fault.forMs} ms`;
      case 'rest':
        setRest(fault.scvm, fault.mode);
        return `the REST front of ${fault.scvm}: ${fault.mode}`;
      case 'delete-route':
        return deleteRoute(fault.host);
      case 'foreign-route':
        return foreignRoute(fault.host, fault.via, fault.metric);
      case 'duplicate': {
        const { index } = oneOf(plan.scvms, fault.scvm);
        if (!fault.on) {
          await endDuplicate(fault.scvm);
          return `${fault.scvm} is alone with its address`;
        }
        if (duplicates.has(fault.scvm)) throw new Error(`${fault.scvm} has a duplicate already`);
        const node = duplicateOf(plan, index);
        await buildNode(plan, node);
        duplicates.set(fault.scvm, node);
        return `${node.cables[0]?.mac} claims ${node.cables[0]?.address}`;
      }
      case 'heal':
        return heal();
    }
  };

  return {
    carryOut,
    standing: () => [
      ...[...pulled.keys()].map((port) => `${port} pulled`),
      ...filters.list(),
      ...[...duplicates.keys()].map((scvm) => `${scvm} has a duplicate`),
      ...REST_MODES.filter((mode) => mode !== 'ok').flatMap((mode) =>
        [...restModes].filter(([, now]) => now === mode).map(([scvm]) => `${scvm} rest ${mode}`),
      ),
    ],
    hasStorage: (node) =>
      cablesOf(node, 'storage').every(
        (cable) => !pulled.has(cable.port) && !filters.isolates(cable),
      ),
    restMode: (scvm) => restModes.get(scvm) ?? 'ok',
  };
}
