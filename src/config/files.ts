/**
 * Cross check on file paths: two keys must not name one file. The lock, the socket, the log and
 * its link are created and removed for themselves, and would destroy each other.
 */

import type { KeyPath } from './document.ts';
import type { Finding } from './issues.ts';
import type { Draft } from './schema.ts';

export function checkFiles(draft: Draft): Finding[] {
  const files: readonly (readonly [KeyPath, string | null | undefined])[] = [
    [['log', 'file'], draft.log?.file],
    [['log', 'link'], draft.log?.link],
    [['lock_file'], draft.lock_file],
    [['control', 'socket'], draft.control?.socket],
    [['state_dir'], draft.state_dir],
    [['session', 'token_file'], draft.session?.token_file],
  ];
  const seen = new Map<string, KeyPath>();
  return files.flatMap(([path, file]): Finding[] => {
    if (file === null || file === undefined) return [];
    const first = seen.get(file);
    if (first === undefined) {
      seen.set(file, path);
      return [];
    }
    const says = `${file} is the file of ${first.join('.')} already`;
    const remedy = 'Write a file of its own for each.';
    return [{ code: 'CFG_DUPLICATE_FILE', at: [path, first], part: 'value', says, remedy }];
  });
}
