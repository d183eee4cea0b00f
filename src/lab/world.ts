/**
 * The living part of a lab: its SCVMs, who leads them, what is broken. Between the SCVM programs
 * it is the consensus and the store they share; towards the outside it is hands and a description.
 */

import { randomUUID } from 'node:crypto';
import { type Consensus, createConsensus } from './consensus.ts';
import { createFilters } from './filters.ts';
import { createHands, type Hands } from './hands.ts';
import { type LabNode, type LabPlan, PRIVATE_HOST_IP } from './plan.ts';
import type { RunRecordKeeper } from './run-record.ts';
import { createScvm, type ScvmLife } from './scvm.ts';
import type { LabTimings } from './timings.ts';
import type { TruthEvent, TruthLog } from './truth.ts';
import type { FromProgram, Leader, ProgramSettings } from './wire.ts';

const START_MS = 30_000;

export interface World {
  readonly hands: Hands;
  leader(): string | null;
  /** Resolves when every SCVM serves. */
  start(): Promise<void>;
  describe(): string[];
  close(): void;
}

export interface WorldOptions {
  readonly plan: LabPlan;
  readonly timings: LabTimings;
  readonly truth: TruthLog;
  readonly record: RunRecordKeeper;
  readonly outputFd: number;
}

export function createWorld(options: WorldOptions): World {
  const { plan, timings, truth } = options;
  const clusterUuid = randomUUID();
  const dataIps = plan.cluster.scvms.map((scvm) => scvm.dataIp);

  const leaderOf = (name: string | null): Leader | null => {
    const scvm = plan.cluster.scvms.find((candidate) => candidate.name === name);
    return scvm === undefined ? null : { scvm: scvm.name, dataIp: scvm.dataIp };
  };

  /** Which host a client address belongs to; the private one by the SCVM it came in at. */
  const hostOf = (scvm: string, client: string): string | null => {
    if (client === PRIVATE_HOST_IP) {
      const index = plan.scvms.findIndex((node) => node.name === scvm);
      return plan.hosts[index]?.name ?? null;
    }
    const { hosts } = plan.cluster;
    const host = hosts.find((one) => one.storageIp === client || one.manageIp === client);
    return host?.name ?? null;
  };
  const named = (event: TruthEvent): TruthEvent =>
    event.type === 'served' || event.type === 'login'
      ? { ...event, host: hostOf(event.scvm, event.client) }
      : event;

  const onSaid = (message: FromProgram) => {
    if (message.type === 'truth') truth.add(named(message.event), message.atMs);
    if (message.type === 'beat') {
      for (const life of lives) life.send({ type: 'beat', beat: message.beat });
    }
  };

  const settingsOf = (node: LabNode): ProgramSettings => {
    const scvm = plan.cluster.scvms[node.index];
    if (scvm === undefined) throw new Error(`no SCVM number ${node.index}`);
    return {
      scvm: scvm.name,
      dataIp: scvm.dataIp,
      manageIp: scvm.manageIp,
      zone: scvm.zone ?? null,
      dataIps,
      clusterUuid,
      timings,
      leader: leaderOf(consensus.leader()),
      restMode: hands.restMode(scvm.name),
    };
  };

  const lives: ScvmLife[] = plan.scvms.map((node) =>
    createScvm({
      plan,
      node,
      record: options.record,
      bootMs: timings.bootMs,
      outputFd: options.outputFd,
      settings: () => settingsOf(node),
      onSaid,
      tell: truth.add,
    }),
  );
  const filters = createFilters(plan);
  const hands = createHands({ plan, lives, filters, consensus: () => consensus });
  const consensus: Consensus = createConsensus({
    scvms: plan.scvms.map((node) => node.name),
    electionMs: timings.electionMs,
    canLead: (name) =>
      lives.some(
        (life) =>
          life.node.name === name && life.state().power === 'on' && hands.hasStorage(life.node),
      ),
    announce(name) {
      truth.add({ type: 'leader', scvm: name });
      for (const life of lives) life.send({ type: 'leader', leader: leaderOf(name) });
    },
  });

  return {
    hands,
    leader: () => consensus.leader(),
    async start() {
      consensus.recheck();
      const serving = plan.scvms.map((node) =>
        truth.next(
          (event) =>
            event.type === 'process' &&
            event.what === `${node.name} access` &&
            event.state === 'serving',
          START_MS,
        ),
      );
      const booted = lives.map((life) => life.boot());
      await Promise.all([...serving, ...booted]);
    },
    describe: () => [
      `leader ${consensus.leader() ?? 'nobody'}`,
      ...lives.map((life) => {
        const { power, access, loop } = life.state();
        return `${life.node.name} power ${power}, access ${access}${loop ? ', restart loop' : ''}`;
      }),
      ...hands.standing(),
    ],
    close() {
      consensus.close();
      for (const life of lives) life.close();
    },
  };
}
