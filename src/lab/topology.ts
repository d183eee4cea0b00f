/**
 * Builds and removes what plan.ts drew: namespaces, bridges, veth pairs, addresses. One switch
 * namespace holds all bridges and the far end of every cable, so that power, carrier and loss can
 * be taken away from outside a node, as the world does it.
 *
 * Two settings make an SCVM behave like the real one. It accepts 192.168.33.2 on any interface
 * (Linux's weak host model, RFC 1122 section 3.3.4.2, does that by itself with rp_filter off), but
 * must not answer or ask ARP for it on the shared networks, where every SCVM owns it: arp_ignore=1
 * and arp_announce=2 (Linux Documentation/networking/ip-sysctl.rst).
 */

import { ipBatch, must, run } from './commands.ts';
import type { Cable, LabNode, LabPlan } from './plan.ts';

/** The kernel's files are written with tee: it is in coreutils, sysctl(8) is not everywhere. */
async function writeSettings(namespace: string, value: string, keys: readonly string[]) {
  const files = keys.map((key) => `/proc/sys/net/${key}`);
  await must('ip', ['netns', 'exec', namespace, 'tee', ...files], value);
}

/** IPv6 off: the lab has none, and its duplicate-address detection would be noise on the wire. */
async function quieten(namespace: string): Promise<void> {
  await writeSettings(namespace, '1', ['ipv6/conf/all/disable_ipv6']);
  await writeSettings(namespace, '1', ['ipv6/conf/default/disable_ipv6']);
}

async function settle(node: LabNode): Promise<void> {
  await quieten(node.namespace);
  if (node.role === 'host') return;
  const conf = 'ipv4/conf';
  await writeSettings(node.namespace, '0', [`${conf}/all/rp_filter`, `${conf}/default/rp_filter`]);
  await writeSettings(node.namespace, '1', [`${conf}/all/arp_ignore`, `${conf}/all/arp_notify`]);
  await writeSettings(node.namespace, '1', [`${conf}/default/arp_notify`]);
  await writeSettings(node.namespace, '2', [`${conf}/all/arp_announce`]);
}

function plugIn(node: LabNode, cable: Cable): string[] {
  return [
    `link add ${cable.port} type veth peer name ${cable.network} ` +
      `address ${cable.mac} netns ${node.namespace}`,
    // One frame per packet on the wire: with segmentation offload the switch would see frames of
    // up to 64 KiB, and a rule on the frame size would drop what a real network passes.
    `link set ${cable.port} gso_max_segs 1 master ${cable.bridge} up`,
  ];
}

/**
 * A request is acknowledged when it arrives, not together with its answer (quickack, ip-route(8)).
 * Only so can a client be caught whose request was acknowledged and never answered: nothing is
 * left to retransmit, and it waits for its own timeout.
 */
function acknowledgeAtOnce(cable: Cable): string {
  const [ip = '', length = ''] = cable.address.split('/');
  const subnet = `${ip.replace(/\.\d+$/, '.0')}/${length}`;
  const route = `${subnet} dev ${cable.network} proto kernel scope link src ${ip}`;
  return `route change ${route} quickack 1`;
}

function bringUp(node: LabNode): string[] {
  return [
    'link set lo up',
    ...node.cables.flatMap((cable) => [
      `addr add ${cable.address} dev ${cable.network}`,
      `link set ${cable.network} gso_max_segs 1 up`,
      ...(node.role === 'scvm' ? [acknowledgeAtOnce(cable)] : []),
    ]),
  ];
}

/** Builds one node into a switch that stands. */
export async function buildNode(plan: LabPlan, node: LabNode): Promise<void> {
  await must('ip', ['netns', 'add', node.namespace]);
  await settle(node);
  await ipBatch(
    plan.switchNamespace,
    node.cables.flatMap((cable) => plugIn(node, cable)),
  );
  await ipBatch(node.namespace, bringUp(node));
}

/** Builds everything; rejects on the first failure and leaves what stands (see removeLab). */
export async function buildAll(plan: LabPlan): Promise<void> {
  const nodes = [...plan.hosts, ...plan.scvms];
  const spaces = [plan.switchNamespace, ...nodes.map((node) => node.namespace)];
  await ipBatch(
    null,
    spaces.map((space) => `netns add ${space}`),
  );
  await Promise.all([quieten(plan.switchNamespace), ...nodes.map(settle)]);
  await ipBatch(plan.switchNamespace, [
    ...plan.bridges.flatMap((bridge) => [
      // A real switch port that leads to a host forwards at once; snooping would send queries.
      `link add ${bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set ${bridge} up`,
    ]),
    ...nodes.flatMap((node) => node.cables.flatMap((cable) => plugIn(node, cable))),
  ]);
  await Promise.all(nodes.map((node) => ipBatch(node.namespace, bringUp(node))));
}

/** Takes the carrier from (or gives it back to) these cables, in one step. */
export async function setCarrier(
  plan: LabPlan,
  cables: readonly Cable[],
  state: 'up' | 'down',
): Promise<void> {
  await ipBatch(
    plan.switchNamespace,
    cables.map((cable) => `link set ${cable.port} ${state}`),
  );
}

/** The process ids that live in a namespace; empty when it does not exist. */
export async function processesIn(namespace: string): Promise<number[]> {
  const { code, stdout } = await run('ip', ['netns', 'pids', namespace]);
  if (code !== 0) return [];
  return stdout.split(/\s+/).filter(Boolean).map(Number);
}

/** Every namespace name that exists now. */
export async function namespaces(): Promise<string[]> {
  const { stdout } = await run('ip', ['netns', 'list']);
  return stdout
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter(Boolean);
}

/** Removes namespaces with all their links. A name that is gone already is no error. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const lines = names.map((name) => `netns del ${name}`);
  await run('ip', ['-force', '-batch', '-'], `${lines.join('\n')}\n`);
}
