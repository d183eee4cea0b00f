/** The settings of the shipped balanced example: the same on every machine. */

import { parseConfig } from '../config/parse.ts';
import { configTemplate } from '../config/template.ts';
import type { Settings } from '../machines/settings.ts';

export function exampleSettings(): Settings {
  const parsed = parseConfig(configTemplate('balanced'), { hostname: 'host1' });
  if (!parsed.ok) throw new Error('the shipped example is not a valid configuration');
  return parsed.config.settings;
}
