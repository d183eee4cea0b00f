/**
 * Silent damage on the wire: loss, an MTU black hole, isolation. Frames are dropped while the
 * switch forwards them (nftables, bridge family), so both ends keep their carrier and nobody is
 * told. The whole ruleset is replaced in one nft transaction at each change: there is no moment
 * with half a fault. Loss is drawn for frames TOWARDS the node only, so that "30%" is what ping
 * reports; size and isolation work in both directions.
 */

import { must } from './commands.ts';
import type { Cable, LabPlan } from './plan.ts';

export interface Damage {
  /** 0..100; 0: none. */
  readonly lossPercent: number;
  /** Larger IP packets vanish, bytes; 0: none. */
  readonly mtu: number;
  readonly isolated: boolean;
}

export interface Filters {
  /** Changes what is named, keeps the rest of the port's damage. */
  set(cable: Cable, damage: Partial<Damage>): Promise<void>;
  clear(): Promise<void>;
  isolates(cable: Cable): boolean;
  /** `s1-storage isolated`, one per damaged port. */
  list(): string[];
}

const NONE: Damage = { lossPercent: 0, mtu: 0, isolated: false };

/** The rules for one port. `meta length` is the IP packet's length here, not the frame's. */
function rulesOf(port: string, damage: Damage): string[] {
  const rules: string[] = [];
  if (damage.isolated) rules.push(`iifname "${port}" drop`, `oifname "${port}" drop`);
  if (damage.mtu > 0) {
    rules.push(`iifname "${port}" meta length > ${damage.mtu} drop`);
    rules.push(`oifname "${port}" meta length > ${damage.mtu} drop`);
  }
  if (damage.lossPercent > 0) {
    const drawn = Math.round(damage.lossPercent * 100);
    // nft refuses a comparison that is always true.
    const chance = drawn < 10_000 ? `numgen random mod 10000 < ${drawn} ` : '';
    rules.push(`oifname "${port}" ${chance}drop`);
  }
  return rules;
}

/** The complete ruleset. Declaring the table first makes its deletion valid when it is not there. */
function rulesetOf(byPort: ReadonlyMap<string, Damage>): string {
  const rules = [...byPort].flatMap(([port, damage]) => rulesOf(port, damage));
  return [
    'table bridge lab',
    'delete table bridge lab',
    'table bridge lab {',
    '  chain wire {',
    '    type filter hook forward priority 0; policy accept;',
    ...rules.map((rule) => `    ${rule}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

export function createFilters(plan: LabPlan): Filters {
  const byPort = new Map<string, Damage>();
  const apply = async () => {
    const exec = ['netns', 'exec', plan.switchNamespace, 'nft', '-f', '-'];
    await must('ip', exec, rulesetOf(byPort));
  };
  return {
    async set(cable, damage) {
      const next = { ...NONE, ...byPort.get(cable.port), ...damage };
      if (next.lossPercent === 0 && next.mtu === 0 && !next.isolated) byPort.delete(cable.port);
      else byPort.set(cable.port, next);
      await apply();
    },
    async clear() {
      byPort.clear();
      await apply();
    },
    isolates: (cable) => byPort.get(cable.port)?.isolated ?? false,
    list: () =>
      [...byPort].map(([port, damage]) =>
        [
          port,
          damage.isolated ? 'isolated' : '',
          damage.lossPercent > 0 ? `loss ${damage.lossPercent}%` : '',
          damage.mtu > 0 ? `mtu ${damage.mtu}` : '',
        ]
          .filter(Boolean)
          .join(' '),
      ),
  };
}
