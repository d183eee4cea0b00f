/**
 * The laws over the real controller in a small world: the stories of DOMAIN.md section 6 break no
 * law, and do what they are told for (a trace in which nothing happens obeys every law).
 */

import assert from 'node:assert/strict';
import { checkTrace, lawMakers } from '../../src/laws/all.ts';
import { createLedger } from '../../src/laws/signals.ts';
import { createStanding } from '../../src/laws/standing.ts';
import { createSteering } from '../../src/laws/steering.ts';
import type { Entry } from '../../src/laws/trace.ts';
import type { Settings } from '../../src/machines/settings.ts';
import { cluster } from './cluster.ts';
import { createDrive, type Drive } from './drive.ts';

const MINUTE_MS = 60_000;
const quick: Settings = {
  ...cluster,
  timers: { ...cluster.timers, backToNormalMs: 20_000, returnGuardMs: 15_000, dwellMs: 5000 },
};

/** Moves of the route that the controller confirmed, as `kind path`. */
function moves(drive: Drive): string[] {
  return drive.entries.flatMap((e: Entry) =>
    e.kind === 'order' && e.order.type === 'NOTE_SWITCH' ? [`${e.order.kind} ${e.order.to}`] : [],
  );
}

function ordered(drive: Drive, type: string): number {
  return drive.entries.filter((e) => e.kind === 'order' && e.order.type === type).length;
}

interface Story {
  readonly settings?: Settings;
  readonly play: (drive: Drive) => void;
  /** The confirmed moves, or a pattern of them joined by commas. */
  readonly moves: readonly string[] | RegExp;
}

const lostHome = (d: Drive): void => {
  d.faults.cut.add('scvm1/data').add('scvm1/manage');
};
const wellAgain = (d: Drive): void => d.faults.cut.clear();

const stories: Record<string, Story> = {
  'a quiet hour': { play: (d) => d.run(60 * MINUTE_MS), moves: [] },
  'failover and return': {
    play(d) {
      lostHome(d);
      d.run(MINUTE_MS);
      wellAgain(d);
      d.run(8 * MINUTE_MS);
    },
    moves: ['failover scvm3/data', 'return scvm1/data'],
  },
  'the access service dies and comes back': {
    settings: quick,
    play(d) {
      d.faults.refused.add('scvm1');
      d.run(10_000);
      d.faults.refused.clear();
      d.renew('scvm1');
      d.run(2 * MINUTE_MS);
    },
    moves: ['failover scvm3/data', 'return scvm1/data'],
  },
  'the leader is away for 25 s, then its list fills slowly': {
    play(d) {
      d.faults.leader = 'away';
      d.run(15_000);
      d.faults.leader = 'empty';
      d.run(10_000);
      d.faults.leader = 'here';
      d.faults.absent.add('scvm1');
      d.run(4000);
      d.faults.absent.clear();
      d.run(MINUTE_MS);
    },
    moves: [],
  },
  'a session that is gone for good': {
    play(d) {
      d.faults.absent.add('scvm1');
      d.run(30_000);
    },
    moves: ['failover scvm3/data'],
  },
  'everything is down, then back': {
    play(d) {
      for (const p of cluster.paths) d.faults.cut.add(p.id);
      d.run(2 * MINUTE_MS);
      wellAgain(d);
      d.run(MINUTE_MS);
    },
    moves: [],
  },
  'a pin that is released': {
    settings: quick,
    play(d) {
      const pin = { path: 'scvm2/data', untilMs: null, failsafe: false };
      d.tell({ type: 'PIN_ASKED', atMs: d.nowMs(), ...pin });
      d.run(MINUTE_MS);
      d.faults.cut.add('scvm2/data');
      d.run(MINUTE_MS);
      wellAgain(d);
      d.run(5000);
      d.tell({ type: 'RELEASE_ASKED', atMs: d.nowMs() });
      d.run(2 * MINUTE_MS);
    },
    moves: ['pin scvm2/data', 'return scvm1/data'],
  },
  'a pin with failsafe': {
    settings: quick,
    play(d) {
      const pin = { path: 'scvm2/data', untilMs: d.nowMs() + 10 * MINUTE_MS, failsafe: true };
      d.tell({ type: 'PIN_ASKED', atMs: d.nowMs(), ...pin });
      d.run(MINUTE_MS);
      d.faults.cut.add('scvm2/data');
      d.run(MINUTE_MS);
    },
    moves: ['pin scvm2/data', 'return scvm1/data'],
  },
  'a pause in which home dies': {
    settings: quick,
    play(d) {
      d.tell({ type: 'PAUSE_ASKED', atMs: d.nowMs() });
      lostHome(d);
      d.run(MINUTE_MS);
      d.tell({ type: 'RESUME_ASKED', atMs: d.nowMs() });
      d.run(10_000);
    },
    moves: ['failover scvm3/data'],
  },
  'a contested route': {
    play(d) {
      d.faults.rival = 'scvm2/data';
      d.run(30_000);
      d.faults.rival = null;
      d.run(2 * MINUTE_MS);
    },
    moves: /^(repair scvm1\/data,?){5,12}$/,
  },
  'commands that are refused, then hang': {
    play(d) {
      d.faults.commands = 'refuse';
      lostHome(d);
      d.run(30_000);
      d.faults.commands = 'hang';
      d.run(30_000);
      d.faults.commands = 'ok';
      d.run(30_000);
    },
    moves: ['failover scvm3/data'],
  },
  'a crash in the middle of a switch': {
    settings: quick,
    play(d) {
      d.faults.commands = 'hang';
      lostHome(d);
      d.run(3000);
      d.crash();
      d.run(1000);
      d.faults.commands = 'ok';
      d.boot();
      d.run(10_000);
      wellAgain(d);
      d.run(2 * MINUTE_MS);
    },
    moves: ['failover scvm3/data', 'return scvm1/data'],
  },
  'a service that restarts for ever': {
    settings: quick,
    play(d) {
      for (let i = 0; i < 12; i += 1) {
        d.faults.refused.add('scvm1');
        d.run(5000);
        d.faults.refused.clear();
        d.renew('scvm1');
        d.run(70_000);
      }
    },
    // Twelve outages, two returns: the hold grows.
    moves: /^(failover scvm3\/data,return scvm1\/data,){2}failover scvm3\/data$/,
  },
  'a record that nobody takes': {
    play(d) {
      d.faults.record = 'refuse';
      d.renew('scvm1');
      d.run(MINUTE_MS);
      d.faults.record = 'ok';
      d.run(3 * MINUTE_MS);
    },
    moves: [],
  },
};

describe('the laws over the real controller', function () {
  this.timeout(120_000); // a story is up to an hour of virtual time, and machines can be busy

  for (const [name, { settings = cluster, play, moves: expected }] of Object.entries(stories)) {
    it(`hold in: ${name}`, () => {
      const drive = createDrive(settings);
      drive.boot();
      drive.run(10_000);
      play(drive);
      assert.deepEqual(checkTrace(settings, drive.entries), []);
      if (expected instanceof RegExp) assert.match(moves(drive).join(), expected);
      else assert.deepEqual(moves(drive), expected);
    });
  }

  it('hold in: shadow, in which home dies', () => {
    const drive = createDrive();
    drive.boot(true);
    drive.run(10_000);
    lostHome(drive);
    drive.run(MINUTE_MS);
    assert.deepEqual(checkTrace(cluster, drive.entries), []);
    assert.equal(ordered(drive, 'SET_ROUTE'), 0);
    assert.equal(ordered(drive, 'NOTE_WOULD_SWITCH'), 1);
  });

  it('are twelve, each with its name', () => {
    const known = {
      facts: createLedger(cluster),
      run: createStanding(cluster),
      steering: createSteering(),
    };
    const names = lawMakers.map((make) => make(known).name.split(' ')[0]);
    const safety = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `S${n}`);
    assert.deepEqual(names, [...safety, 'L1', 'L2', 'L3']);
  });
});
