/** The numbers that every simulated cluster begins with: the balanced profile. */

import { parseConfig } from '../../config/parse.ts';
import type { Settings } from '../../machines/settings.ts';

const TEXT = `host_id: host1
scvms:
  - { name: scvm1, local: true, data_ip: 10.10.85.91, manage_ip: 192.168.85.91 }
  - { name: scvm2, data_ip: 10.10.85.92, manage_ip: 192.168.85.92 }
`;

export function baseSettings(): Settings {
  const read = parseConfig(TEXT);
  if (!read.ok) throw new Error(read.problems.map((p) => p.says).join('\n'));
  return read.config.settings;
}
