/**
 * Chooses the hand for the platform. XenServer's dom0 is Linux with iproute2, so `xen` is `linux`;
 * its tool may be too old for JSON, which the Linux hand finds out by itself.
 */

import type { Platform } from '../../config/config.ts';
import { createEsxiRoutes } from './esxi.ts';
import { createLinuxRoutes } from './linux.ts';
import type { RouteHand, RouteOptions } from './table.ts';
import { findTool } from './tools.ts';

/** `auto`: ESXi if `esxcfg-route` is in one of its fixed places, else Linux. */
export function openRoutes(platform: Platform, options: RouteOptions): RouteHand {
  switch (platform) {
    case 'esxi':
      return createEsxiRoutes(options);
    case 'linux':
    case 'xen':
      return createLinuxRoutes(options);
    case 'auto':
      return findTool('esxcfg-route') === null
        ? createLinuxRoutes(options)
        : createEsxiRoutes(options);
  }
}
