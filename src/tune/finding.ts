/** A problem that does not know its line yet; parse.ts looks that up in the document. */

import type { KeyPath } from '../config/document.ts';
import type { Fault } from '../config/leaf.ts';
import type { TuneProblem } from './problems.ts';

export interface Finding {
  readonly code: TuneProblem['code'];
  readonly path: KeyPath;
  /** What is shown as found: the value or the key; `head`: nothing, only where it is. */
  readonly part: 'key' | 'value' | 'head';
  readonly says: string;
  readonly remedy: string;
}

export function finding(
  code: Finding['code'],
  path: KeyPath,
  says: string,
  remedy: string,
  part: Finding['part'] = 'value',
): Finding {
  return { code, path, part, says, remedy };
}

export const faultAt = (path: KeyPath, fault: Fault): Finding => ({
  ...fault,
  path,
  part: 'value',
});
