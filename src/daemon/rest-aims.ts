/** Where the cluster's REST interface is asked, from the configuration. */

import type { Config } from '../config/config.ts';

/** Storage addresses first: management is the slow network. Any SCVM forwards to the leader. */
export function restAims(config: Config, token: string | null, ca: string | null) {
  const { scheme, port, timeoutMs } = config.session;
  const servers = [...config.scvms.map((s) => s.dataIp), ...config.scvms.map((s) => s.manageIp)];
  return { servers: (): readonly string[] => servers, scheme, port, token, ca, timeoutMs };
}
