/**
 * The switches in a log of the old tool (`scvm_failure.log`, shell and Python versions). Lines of
 * other kinds are counted, never guessed at. The shell version's time zone name is dropped: its
 * times are the host's local ones.
 */

export interface OldSwitch {
  readonly line: number;
  /** As written in the log. */
  readonly time: string;
  readonly what: 'added' | 'deleted';
  readonly dst: string;
  readonly gateway: string;
}

export interface OldLog {
  readonly switches: readonly OldSwitch[];
  /** Lines with a trouble that the incidents are known by: hung commands, a held lock. */
  readonly troubles: readonly { readonly line: number; readonly text: string }[];
  readonly lines: number;
  readonly otherLines: number;
}

const SHELL = /^(\w{3} \w{3} +\d+ [\d:]{8}) \S+ (\d{4}) \[\+\] (.*)$/;
const PYTHON = /^\[PID:\d+\] (\d{4}-\d\d-\d\d [\d:]{8}) \S+ (\w+) (.*)$/;
const ADD = /^trying to add route from (\S+) to (\S+)$/;
const DELETE = /^trying to del route (\S+) --> (\S+)$/;
const TROUBLE = /cmd_retcode: -9|lock file is locked|dst ip is unknown/;

/** True when the text looks like a log of the old tool. */
export function isOldLog(text: string): boolean {
  return text.split('\n', 50).some((line) => SHELL.test(line) || PYTHON.test(line));
}

export function readOldLog(text: string): OldLog {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const switches: OldSwitch[] = [];
  const troubles: { line: number; text: string }[] = [];
  lines.forEach((text_, i) => {
    const line = i + 1;
    const shell = SHELL.exec(text_);
    const python = PYTHON.exec(text_);
    const time = shell ? `${shell[1]} ${shell[2]}` : (python?.[1] ?? '');
    const said = shell?.[3] ?? python?.[3] ?? '';
    const added = ADD.exec(said);
    const deleted = DELETE.exec(said);
    if (added)
      switches.push({ line, time, what: 'added', dst: added[1] ?? '', gateway: added[2] ?? '' });
    else if (deleted) {
      switches.push({
        line,
        time,
        what: 'deleted',
        dst: deleted[1] ?? '',
        gateway: deleted[2] ?? '',
      });
    } else if (TROUBLE.test(said)) troubles.push({ line, text: text_.slice(0, 300) });
  });
  const otherLines = lines.length - switches.length - troubles.length;
  return { switches, troubles, lines: lines.length, otherLines };
}
