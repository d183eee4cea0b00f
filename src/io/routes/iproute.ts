/**
 * Asks iproute2: carries out changes and reads the table of one address. The fast way is the
 * kept-open batch tool; when that does not answer, each command is spawned by itself, with its
 * deadline. Doing a command twice that way is harmless: they all state the wanted end.
 * It knows how the tool speaks, not which change is wanted.
 */

import { type CommandFailed, explainFailure, runCommand } from '../command.ts';
import { type Batch, createBatch } from './batch.ts';
import { type KernelRoute, parseJsonTable, parseTextTable, type TableRead } from './parse.ts';

export type Command = readonly string[];

export interface Changed {
  /** One per command, in order: null if it was accepted, else the tool's text. */
  readonly refusals: readonly (string | null)[];
  /** The table as it stands after the commands. */
  readonly table: TableRead;
}

export interface IpRoute {
  /** Carries out the commands in order, all of them even if one is refused, and reads. */
  change(commands: readonly Command[]): Promise<Changed>;
  /** Every host route in the main table that has this protocol number. */
  listTagged(tag: number): Promise<TableRead>;
  close(): void;
}

export interface IpRouteOptions {
  readonly ipFile: string;
  /** Host routes of this address are read, dotted IPv4. */
  readonly dst: string;
  readonly deadlineMs: number;
  readonly log: (line: string) => void;
}

/** Twenty times what an answer takes when the machine is idle. */
const CONFIRM_MS = 50;

const SHOW_ALL = ['route', 'show', 'table', 'main'];

/** What may stand in a line of the batch unquoted. Interface names may hold almost anything. */
const BARE_WORD = /^[\w.:@+/-]+$/;

export function createIpRoute(options: IpRouteOptions): IpRoute {
  const { ipFile, dst, deadlineMs } = options;
  // `exact` takes only the /32 itself; `root` and no word are the same for a /32, `match` is not:
  // it also shows every wider route that covers the address (seen with iproute2 6.1).
  const show = ['route', 'show', 'table', 'main', 'exact', `${dst}/32`];
  const batch: Batch = createBatch({
    file: ipFile,
    handshake: show.join(' '),
    confirmMs: CONFIRM_MS,
    log: options.log,
  });

  async function changeFast(commands: readonly Command[]): Promise<Changed | null> {
    const lines = [...commands, show];
    if (!lines.every((words) => words.every((word) => BARE_WORD.test(word)))) return null;
    const reply = await batch.ask(lines.map((words) => words.join(' ')));
    if (reply === null) return null;
    const table = ofAddress(parseJsonTable(reply.output));
    if (!table.ok) return null;
    return { refusals: commands.map((_, at) => reply.refusals.get(at) ?? null), table };
  }

  async function changeBySpawn(commands: readonly Command[]): Promise<Changed> {
    const refusals: (string | null)[] = [];
    let hung: string | null = null;
    for (const command of commands) {
      if (hung !== null) {
        refusals.push(`not tried: ${hung}`);
        continue;
      }
      const result = await runCommand(ipFile, command, { deadlineMs });
      const refusal = result.ok ? null : explain(command, result);
      if (!result.ok && result.reason === 'deadline') hung = refusal;
      refusals.push(refusal);
    }
    const table = hung === null ? await readBySpawn() : { ok: false as const, error: hung };
    return { refusals, table };
  }

  async function readBySpawn(): Promise<TableRead> {
    return ofAddress(await readList(show, ['-4', '-o', ...SHOW_ALL]));
  }

  /** JSON first; a tool without it prints text, and then only the whole table proves absence. */
  async function readList(command: Command, textCommand: Command): Promise<TableRead> {
    const result = await runCommand(ipFile, ['-j', ...command], { deadlineMs });
    if (result.ok && result.stdout.trimStart().startsWith('['))
      return parseJsonTable(result.stdout);
    if (!result.ok && result.reason !== 'exit') return unread(command, result);
    if (!result.ok && !result.stderr.includes('"-j" is unknown')) return unread(command, result);
    const plain = await runCommand(ipFile, textCommand, { deadlineMs });
    return plain.ok ? parseTextTable(plain.stdout) : unread(textCommand, plain);
  }

  function explain(command: Command, failed: CommandFailed): string {
    return `ip ${command.join(' ')}: ${explainFailure(failed, deadlineMs)}`;
  }

  function unread(command: Command, failed: CommandFailed): TableRead {
    return { ok: false, error: explain(command, failed) };
  }

  function ofAddress(table: TableRead): TableRead {
    if (!table.ok) return table;
    return { ok: true, routes: table.routes.filter((route) => route.dst === dst) };
  }

  return {
    change: async (commands) => (await changeFast(commands)) ?? changeBySpawn(commands),
    async listTagged(tag) {
      // The whole table: filtered by `proto`, the tool leaves the protocol out of what it prints.
      const table = await readList(SHOW_ALL, ['-4', '-o', ...SHOW_ALL]);
      if (!table.ok) return table;
      const isHost = (route: KernelRoute) => !route.dst.includes('/') && route.dst !== 'default';
      const isOurs = (route: KernelRoute) => route.protocol === String(tag) && isHost(route);
      return { ok: true, routes: table.routes.filter(isOurs) };
    },
    close: () => batch.close(),
  };
}
