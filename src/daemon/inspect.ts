/**
 * Live inspection for developers (`reroute run --inspect`): what the chart is given and where it
 * goes, as the inspection events of XState in the form that Stately's inspector reads
 * (@statelyai/inspect 0.7.2, `StatelyInspectionEvent`). The daemon has no actor to inspect: it
 * decides through pure functions. So the chart is watched where it is run, and each microstep that
 * changed something becomes a snapshot.
 */

import type { Log } from '../io/log.ts';
import type { Chart, Microstep, Moment } from '../machines/chart.ts';
import { controller } from '../machines/controller.ts';
import { type InspectServer, openInspectServer } from '../web/inspect-server.ts';

export interface Inspection {
  /** The same chart, watched. */
  watch(chart: Chart): Chart;
  close(): Promise<void>;
}

export interface InspectionOptions {
  readonly port: number;
  readonly host: string;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** Of the format that is spoken. */
const VERSION = '0.7.2';
/** Of more events than this in a second only their number is told, and where they led. */
const MAX_PER_SECOND = 100;

/** A chart that nobody could attach to still runs. */
export async function startInspection(options: InspectionOptions): Promise<Inspection> {
  const { log } = options;
  const sessionId = `reroute:${options.host}`;
  let at: Moment | null = null;
  let second = 0;
  let told = 0;
  let left = 0;
  let catchUp: NodeJS.Timeout | null = null;
  let server: InspectServer | null = null;

  const base = () => ({
    sessionId,
    rootId: sessionId,
    createdAt: String(Date.now()),
    id: null,
    _version: VERSION,
  });
  const snapshotEvent = (moment: Moment, event: object): string =>
    JSON.stringify({ type: '@xstate.snapshot', ...base(), event, snapshot: snapshotOf(moment) });
  const eventEvent = (event: object): string =>
    JSON.stringify({ type: '@xstate.event', ...base(), event });
  const actorEvent = (): string =>
    JSON.stringify({
      type: '@xstate.actor',
      ...base(),
      name: controller.id,
      definition: JSON.stringify(controller.config, namedFunctions),
      snapshot: at ? snapshotOf(at) : { status: 'active' },
    });

  function welcome(): string[] {
    return [actorEvent(), ...(at ? [snapshotEvent(at, { type: 'xstate.init' })] : [])];
  }

  /** False: there were too many in this second. */
  function mayTell(): boolean {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      told = 0;
    }
    told += 1;
    if (told <= MAX_PER_SECOND) return true;
    left += 1;
    catchUp ??= setTimeout(tellWhereItStands, 1000).unref();
    return false;
  }

  /** After a flood, which may have been the last thing for a while. */
  function tellWhereItStands(): void {
    catchUp = null;
    const count = left;
    left = 0;
    const event = { type: 'reroute.left_out', count };
    server?.tell(() => (at ? [eventEvent(event), snapshotEvent(at, event)] : []));
  }

  function tell(event: object, from: Moment | null, steps: readonly Microstep[]): void {
    at = steps.at(-1)?.at ?? at;
    if (!server || server.readers() === 0 || !mayTell()) return;
    server.tell(() => {
      const moments = changing(from, steps);
      return [eventEvent(event), ...moments.map((m) => snapshotEvent(m, event))];
    });
  }

  try {
    server = await openInspectServer({ port: options.port, welcome, log });
    log.info(`inspect: ${server.url}`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    log.error(`inspect: off, port ${options.port}: ${text}`);
  }

  return {
    watch: (chart) => ({
      start(input) {
        const step = chart.start(input);
        tell({ type: 'xstate.init' }, null, [step]);
        return step;
      },
      send(moment, event) {
        const steps = chart.send(moment, event);
        tell(event, moment, steps);
        return steps;
      },
    }),
    async close() {
      if (catchUp) clearTimeout(catchUp);
      await server?.close();
    },
  };
}

/** The moments that differ from the one before. */
function changing(from: Moment | null, steps: readonly Microstep[]): Moment[] {
  let before = from;
  return steps.flatMap(({ at }) => {
    const same = before?.value === at.value && before?.context === at.context;
    before = at;
    return same ? [] : [at];
  });
}

/** As XState's own snapshots write themselves. */
const snapshotOf = ({ value, context }: Moment) => ({
  status: 'active',
  value,
  context,
  historyValue: {},
  tags: [],
  children: {},
});

/** As Stately's client writes them: guards and actions by name, functions by theirs. */
const namedFunctions = (_key: string, value: unknown): unknown =>
  typeof value === 'function' ? { type: value.name } : value;
