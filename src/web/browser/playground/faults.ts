/**
 * What can be clicked: every fault and every wish of an operator that the page offers, each as
 * lines of the dialogue language. The map draws them; a link may hold no other line.
 */

import type { WorldView } from './world-view.ts';

/** One of a control's settings. */
export interface Choice {
  readonly label: string;
  /** Said one after another; the last one is what marks this choice in a script. */
  readonly lines: readonly string[];
}

/** Something that is in one of several conditions. The first is the healthy one. */
export interface Control {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  /** Position of the choice in force, as the world shows it; absent: as last said. */
  readonly now?: (w: WorldView) => number;
}

/** Something that is done once. */
export interface Act {
  readonly label: string;
  readonly line: string;
  readonly says: string;
}

export const SCVMS: readonly string[] = ['scvm1', 'scvm2', 'scvm3'];
export const NETWORKS = ['storage', 'management'] as const;

const choice = (label: string, ...lines: string[]): Choice => ({ label, lines });
const scvmIn = (w: WorldView, name: string) => w.scvms.find((s) => s.name === name);

export const powerOf = (scvm: string): Control => ({
  id: `power ${scvm}`,
  label: `Power of ${scvm}`,
  choices: [choice('on', `power ${scvm} on`), choice('off', `power ${scvm} off`)],
  now: (w) => (scvmIn(w, scvm)?.powered === false ? 1 : 0),
});

const SERVICE = ['up', 'refused', 'silent'] as const;
export const accessOf = (scvm: string): Control => ({
  id: `service ${scvm}`,
  label: `Access service of ${scvm}`,
  choices: [
    choice('up', `service ${scvm} up`),
    choice('killed', `service ${scvm} refused`),
    choice('hung', `service ${scvm} silent`),
  ],
  now: (w) => SERVICE.indexOf(scvmIn(w, scvm)?.service ?? 'up'),
});

const HEARTBEATS = ['ok', 'cut', 'deaf'] as const;
export const heartbeatsOf = (scvm: string): Control => ({
  id: `heartbeats ${scvm}`,
  label: `Heartbeats of ${scvm} to the leader`,
  choices: [
    choice('arrive', `heartbeats ${scvm} ok`),
    choice('lost', `heartbeats ${scvm} cut`),
    choice('unanswered', `heartbeats ${scvm} deaf`),
  ],
  now: (w) => HEARTBEATS.indexOf(scvmIn(w, scvm)?.heartbeats ?? 'ok'),
});

export const restartOf = (scvm: string): Act => ({
  label: 'restart',
  line: `session ${scvm} restart`,
  says: `Restart the access service of ${scvm} so quickly that no probe notices: a new session`,
});

export const wireOf = (path: string): Control => ({
  id: `cut ${path}`,
  label: `Wire of ${path}`,
  choices: [choice('whole', `cut ${path} off`), choice('cut', `cut ${path} on`)],
  now: (w) => (w.cut.has(path) ? 1 : 0),
});

const pathsOn = (network: string): string[] =>
  SCVMS.map((scvm) => `${scvm}/${network === 'storage' ? 'data' : 'manage'}`);

/** A network's condition takes the place of the one before. */
export function networkOf(network: (typeof NETWORKS)[number]): Control {
  const calm = [`link ${network} up`, `cut ${network} off`, `weather ${network} calm`];
  const worse = (label: string, line: string): Choice => choice(label, ...calm, line);
  return {
    id: `network ${network}`,
    label: `The ${network} network`,
    choices: [
      choice('fine', ...calm),
      worse('slow: 40 ms, jitter', `weather ${network} rtt 20ms jitter 40ms`),
      worse('loses 20 %', `weather ${network} loss 0.2`),
      worse('bursts of loss', `weather ${network} bursts 20s for 2s of 0.9`),
      worse('switch dead', `cut ${network} on`),
      worse("host1's interface down", `link ${network} down`),
    ],
  };
}

const isAllCut = (w: WorldView, network: string): boolean =>
  pathsOn(network).every((path) => w.cut.has(path));

/** Nothing passes on this network, for host 1. */
export const isDead = (w: WorldView, network: (typeof NETWORKS)[number]): boolean =>
  !w.links[network] || isAllCut(w, network);

const LEADER = ['here', 'away', 'empty', 'garbage'] as const;
export const leader: Control = {
  id: 'leader',
  label: 'The meta leader',
  choices: [
    choice('answers', 'leader here'),
    choice('away', 'leader away'),
    choice('lists nobody', 'leader empty'),
    choice('answers garbage', 'leader garbage'),
  ],
  now: (w) => Math.max(0, LEADER.indexOf(w.leader === 'partial' ? 'empty' : w.leader)),
};
export const leaderFails: Act = {
  label: 'leader dies',
  line: 'leader fail',
  says: 'The leader dies; another SCVM takes over within 30 s',
};

const COMMANDS = ['ok', 'refuse', 'hang', 'lie'] as const;
export const commands: Control = {
  id: 'command',
  label: "host1's route command",
  choices: [
    choice('works', 'command ok'),
    choice('is refused', 'command refuse'),
    choice('hangs', 'command hang'),
    choice('lies', 'command lie'),
  ],
  now: (w) => Math.max(0, COMMANDS.indexOf(w.commands as (typeof COMMANDS)[number])),
};

export const table: Control = {
  id: 'table',
  label: "host1's routing table",
  choices: [choice('readable', 'route readable'), choice('unreadable', 'route unreadable')],
  now: (w) => (w.isReadable ? 0 : 1),
};

export const firewall: Control = {
  id: 'firewall',
  label: "host1's firewall",
  choices: [choice('open', 'firewall off'), choice('drops every probe', 'firewall on')],
  now: (w) => (w.firewall ? 1 : 0),
};

export const daemon: Control = {
  id: 'daemon',
  label: "host1's daemon",
  choices: [choice('runs', 'boot'), choice('crashed', 'crash')],
  now: (w) => (w.isAlive ? 0 : 1),
};

export const hostActs: readonly Act[] = [
  { label: 'delete the route', line: 'route delete', says: 'Somebody deletes the route' },
  {
    label: 'foreign route to scvm3',
    line: 'route via scvm3/data',
    says: 'Somebody else sets the route to scvm3',
  },
  { label: 'freeze 5 s', line: 'freeze 5s', says: 'The daemon stands still for 5 s' },
];

export const operatorActs: readonly Act[] = [
  ...SCVMS.map((scvm) => ({
    label: `pin ${scvm}`,
    line: `pin ${scvm}/data`,
    says: `reroute route ${scvm}: pin the route until released`,
  })),
  {
    label: 'pin scvm2, failsafe',
    line: 'pin scvm2/data failsafe',
    says: 'reroute route scvm2 --failsafe: given up when its path is down and another is up',
  },
  { label: 'release', line: 'release', says: 'reroute route --auto: automatic again' },
  { label: 'pause', line: 'pause', says: 'reroute pause: observe and report, move nothing' },
  { label: 'resume', line: 'resume', says: 'reroute resume: act again' },
];

export const heal: Act = { label: 'Heal everything', line: 'heal', says: 'Every fault ends' };

export const controls: readonly Control[] = [
  ...SCVMS.flatMap((scvm) => [
    powerOf(scvm),
    accessOf(scvm),
    heartbeatsOf(scvm),
    wireOf(`${scvm}/data`),
    wireOf(`${scvm}/manage`),
  ]),
  ...NETWORKS.map(networkOf),
  leader,
  commands,
  table,
  firewall,
  daemon,
];

/** Every line that the page can say. */
export const sayable: ReadonlySet<string> = new Set([
  ...controls.flatMap((c) => c.choices.flatMap((one) => one.lines)),
  ...[...SCVMS.map(restartOf), ...hostActs, ...operatorActs, leaderFails, heal].map((a) => a.line),
]);

/** Position of the choice in force: as the world shows it, else as it was last said. */
export function nowOf(control: Control, w: WorldView, said: readonly string[]): number {
  if (control.now) return control.now(w);
  const key = (c: Choice): string => c.lines.at(-1) ?? '';
  const last = said.findLast(
    (line) => line === heal.line || control.choices.some((c) => key(c) === line),
  );
  return Math.max(
    0,
    control.choices.findIndex((c) => key(c) === last),
  );
}
