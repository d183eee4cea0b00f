/**
 * The command line: verbs and their options (BEHAVIOUR: command line). Parses, calls, and returns
 * the exit code; every verb's work is in its own file, loaded only when it is asked for.
 */

import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readDuration } from '../config/units.ts';
import { FAULT_USAGE } from '../lab/fault.ts';
import { version } from '../version.ts';
import { DEFAULT_CONFIG } from './load-config.ts';
import { DONE, FAILED, fail, WRONG_USAGE } from './output.ts';

type Code = Promise<number>;

/** Runs one command line. Returns 0 done, 1 failed, 2 wrong usage or configuration. */
export async function runCli(args: readonly string[]): Promise<number> {
  let code: Code = Promise.resolve(DONE);
  const program = buildProgram((run) => {
    code = run();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return await code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    return fail(error instanceof Error ? (error.stack ?? error.message) : String(error), FAILED);
  }
}

function durationArgument(text: string): number {
  const read = readDuration(text);
  if (!read.ok) throw new InvalidArgumentError('write a duration such as 90s, 30m or 2h');
  return read.value;
}

function countArgument(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 10_000) {
    throw new InvalidArgumentError('write a whole number, 1 to 10000');
  }
  return n;
}

function portArgument(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > 65_535) {
    throw new InvalidArgumentError('write a port, 1 to 65535');
  }
  return n;
}

function wholeArgument(text: string): number {
  const n = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(n) || n < 0) {
    throw new InvalidArgumentError('write a whole number from 0');
  }
  return n;
}

function hoursArgument(text: string): number {
  const n = Number(text);
  if (!(n >= 0.001 && n <= 100_000)) throw new InvalidArgumentError('write hours, 0.001 to 100000');
  return n;
}

function buildProgram(start: (run: () => Code) => void): Command {
  const program = new Command('reroute')
    .description("Keeps a hypervisor's NFS host route on a living storage controller VM")
    .version(version)
    .exitOverride()
    .showHelpAfterError('(reroute --help lists the verbs)');

  const asking = (name: string, says: string): Command =>
    program
      .command(name)
      .description(says)
      .option('-c, --config <file>', 'configuration of the daemon', DEFAULT_CONFIG)
      .option('--socket <path>', "the daemon's control socket, instead of the configuration's")
      .option('--json', 'print JSON');

  program
    .command('run')
    .description('the daemon (LOOP)')
    .option('-c, --config <file>', 'configuration', DEFAULT_CONFIG)
    .option('--shadow', 'decide and report, but never touch a route', false)
    .option('--console', 'log to standard output as well', false)
    .option(
      '--inspect [port]',
      'for developers: inspection events on a local WebSocket',
      portArgument,
    )
    .action((o) => start(async () => (await import('./run.ts')).run(o)));

  asking('status', 'where things stand')
    .option('-w, --watch', 'as it changes, until Ctrl-C')
    .action((o) =>
      start(async () => {
        const { show, watchStatus } = await import('./ask.ts');
        return o.watch ? watchStatus(o) : show(o, 'status');
      }),
    );
  asking(
    'console',
    "the web console's address, and the token that steering from it asks for",
  ).action((o) => start(async () => (await import('./ask.ts')).showConsole(o)));
  asking(
    'why',
    'the chain of the last decision, and what stops the switches that are not made',
  ).action((o) => start(async () => (await import('./ask.ts')).show(o, 'why')));
  asking('history', 'transitions, switches and alarms, newest last')
    .option('-n, --lines <count>', 'entries', countArgument, 50)
    .action((o) => start(async () => (await import('./ask.ts')).show(o, 'history', o.lines)));

  asking('route', 'ROUTE: pin the route to a target (a name or any of its IPs); --auto releases')
    .argument('[target]')
    .option('--auto', 'back to LOOP')
    .option('--for <duration>', 'release by itself after this', durationArgument)
    .option('--failsafe', 'give the pin up when its path is down and another is up')
    .action((target, o) => start(() => pinOrRelease(target, o)));
  asking('pause', 'observe and report, move nothing').action((o) =>
    start(async () => (await import('./ask.ts')).steer(o, '/pause')),
  );
  asking('resume', 'act again').action((o) =>
    start(async () => (await import('./ask.ts')).steer(o, '/resume')),
  );
  asking('reload', 'load the changed configuration file; a bad one changes nothing').action((o) =>
    start(async () => (await import('./ask.ts')).steer(o, '/reload')),
  );

  program
    .command('check')
    .description('validate a configuration: every problem at once')
    .argument('<file>')
    .option('--here', "compare with this machine's networks as well")
    .option('--json', 'print JSON')
    .action((file, o) => start(async () => (await import('./check.ts')).check(file, o)));
  program
    .command('import')
    .description('turn the old scvm_ip file or the cluster shorthand into a configuration')
    .argument('<old-file>')
    .option('--host <number>', 'which host of the shorthand, from 1', countArgument, 1)
    .action((file, o) => start(async () => (await import('./import.ts')).importFile(file, o)));
  program
    .command('doctor')
    .description('what would stop the daemon on this host')
    .option('-c, --config <file>', 'configuration', DEFAULT_CONFIG)
    .option('--json', 'print JSON')
    .action((o) => start(async () => (await import('./doctor.ts')).doctor(o)));
  program
    .command('clear')
    .description("remove the controller's route; for hosts without load only")
    .option('-c, --config <file>', 'configuration', DEFAULT_CONFIG)
    .option('--yes', 'do not ask', false)
    .action((o) => start(async () => (await import('./clear.ts')).clear(o)));
  program
    .command('replay')
    .description('a recorded journal (file or folder) through the chart again')
    .argument('<journal>')
    .option('-c, --config <file>', 'what would have gone differently with this configuration')
    .option('--report <file.html>', 'the comparison as a page with pictures')
    .option('--json', 'print JSON')
    .action((file, o) => start(async () => (await import('./replay.ts')).replayFile(file, o)));
  addDiagram(program, start);
  addSimulate(program, start);
  addTune(program, start);
  addLab(program, start);
  return program;
}

function addDiagram(program: Command, start: (run: () => Code) => void): void {
  program
    .command('diagram')
    .description('the statechart as a picture, drawn from the chart itself')
    .option(
      '-f, --format <format>',
      'svg, svg-dark, png, html (a playground), mermaid, dot, scxml or json',
      'svg',
    )
    .option('-r, --region <region>', 'evidence, access, steering, route, record or all', 'all')
    .option('-c, --config <file>', 'show the delays of this configuration')
    .option('-o, --output <file>', 'write here instead of standard output')
    .option('--diff <old.json>', 'compare with another version, written by --format json')
    .option('--update-docs', "rewrite docs/chart and the README's part, for a clone of the project")
    .action((o) => start(async () => (await import('./diagram.ts')).diagram(o)));
}

function addSimulate(program: Command, start: (run: () => Code) => void): void {
  program
    .command('simulate')
    .description('a simulated cluster under drawn faults; every law is checked at every step')
    .option('--seed <number>', 'one run: what was drawn, how it went', wholeArgument)
    .option('--seeds <count>', 'so many runs, over all cores', wholeArgument)
    .option('--from <seed>', 'the first of them (default: 0)', wholeArgument)
    .option('--workers <count>', 'threads, 0: none (default: one per core)', wholeArgument)
    .option('--hours <hours>', 'length of the phase under faults', hoursArgument)
    .option('--hosts <count>', 'hosts with a daemon, 1 to 64 (default: drawn)', wholeArgument)
    .option('--write <file>', 'keep the run, shrunk if it broke a law, as a golden dialogue')
    .option('--resume <file>', 'keep progress there, and go on from it')
    .option('--verbose', 'print the whole timeline')
    .option('--explore', 'every state of the chart with a small world, each law on every edge')
    .option('--scvms <count>', 'of an exploration: 2 or 3 (default: 2)', wholeArgument)
    .option('--lockstep', 'of an exploration: XState leaves each state as well, and must agree')
    .option('--mutants [kinds]', 'plant bugs: guard,gate,action,transition (default: all)')
    .option('--json', 'print JSON')
    .action((o) => start(async () => (await import('./simulate.ts')).simulate(o)));
}

function addTune(program: Command, start: (run: () => Code) => void): void {
  program
    .command('tune')
    .description('timer experiments: settings of the timers compared under fault mixes')
    .argument('<experiment>', 'YAML file; examples/tune has some')
    .option('-o, --output <dir>', 'where the results go (default: <experiment>-results)')
    .option('--resume', 'go on where the output directory stands')
    .option('--workers <count>', 'threads, 0: none (default: one per core)', wholeArgument)
    .option('--queue <url>', 'let workers do it that listen there, e.g. redis://host:6379')
    .option('--yes', 'do not ask, however long it takes')
    .option('--json', 'print JSON')
    .action((file, o) => start(async () => (await import('./tune.ts')).tune(file, o)));
  program
    .command('worker')
    .description('carries out experiments that others started with tune --queue')
    .requiredOption('--queue <url>', 'where to listen, e.g. redis://host:6379')
    .option('--concurrency <count>', 'threads (default: one per core)', countArgument)
    .action((o) => start(async () => (await import('./worker.ts')).worker(o)));
}

/** `reroute lab`: without a sub-verb it runs a lab in the foreground. */
function addLab(program: Command, start: (run: () => Code) => void): void {
  const named = (command: Command): Command =>
    command.option('--name <name>', 'name of the lab on this machine', 'lab');
  const lab = named(program.command('lab', { isDefault: false }))
    .description('a real cluster in network namespaces on this machine, until Ctrl-C')
    .option('--cluster <file>', 'cluster shorthand; default: three hosts, three SCVMs')
    .option('--script <file>', 'play a timed fault script, print its timeline, then end')
    .option('--no-daemons', 'hosts without a daemon')
    .option('--no-clients', 'hosts without a writing client')
    .action((o) => start(async () => (await import('./lab.ts')).lab(o)));
  named(lab.command('story'))
    .description('host 1 through a short fault story, live on a terminal')
    .action((o, c) =>
      start(async () => (await import('./story.ts')).story({ name: nameOf(o, c) })),
    );
  named(lab.command('down'))
    .description('end a running lab, or remove what a dead one left')
    .action((o, c) => start(async () => (await import('./lab.ts')).labDown(nameOf(o, c))));
  named(lab.command('status'))
    .description('hosts, SCVMs, leader and faults of a running lab')
    .action((o, c) =>
      start(async () => (await import('./lab.ts')).labCommand(nameOf(o, c), ['status'])),
    );
  named(lab.command('fault'))
    .description('cause a fault in a running lab, e.g. power-off scvm1; --help lists them')
    .argument('<words...>')
    .addHelpText('after', `\nFaults:\n  ${Object.values(FAULT_USAGE).join('\n  ')}`)
    .action((words, o, c) =>
      start(async () => (await import('./lab.ts')).labCommand(nameOf(o, c), ['fault', ...words])),
    );
}

/** `--name` may stand before or after the sub-verb. */
function nameOf(own: { name: string }, command: Command): string {
  const outer = command.parent?.opts<{ name: string }>().name ?? 'lab';
  return own.name === 'lab' ? outer : own.name;
}

interface RouteOptions {
  readonly config: string;
  readonly socket?: string;
  readonly json?: boolean;
  readonly auto?: boolean;
  readonly for?: number;
  readonly failsafe?: boolean;
}

async function pinOrRelease(target: string | undefined, o: RouteOptions): Code {
  const { steer } = await import('./ask.ts');
  if (o.auto) {
    if (target) return fail('give a target or --auto, not both', WRONG_USAGE);
    return steer(o, '/release');
  }
  if (!target) return fail('name a target, or --auto to release', WRONG_USAGE);
  const until = o.for === undefined ? {} : { for_ms: o.for };
  return steer(o, '/pin', { target, ...until, ...(o.failsafe ? { failsafe: true } : {}) });
}
