/**
 * Insight's HTTP interface on port 10700 (path assumed, DOMAIN section 5): takes the controllers'
 * heartbeats and exports the metrics. A heartbeat goes to the supervisor, which hands it to the
 * insight of every SCVM: the lab's stand-in for the monitoring's shared store.
 */

import Fastify, { type FastifyInstance } from 'fastify';
import type { Insight } from './insight.ts';
import type { Supervisor } from './programs/inside.ts';
import { monotonicMs } from './truth.ts';

const ipv4 = { type: 'string', format: 'ipv4' };
const beatSchema = {
  type: 'object',
  required: ['hypervisor_ip', 'local_scvm_data_ip', 'local_scvm_manage_ip', 'nfs_target_ip', 'ttl'],
  properties: {
    hypervisor_ip: ipv4,
    local_scvm_data_ip: ipv4,
    local_scvm_manage_ip: ipv4,
    nfs_target_ip: ipv4,
    ttl: { type: 'integer', minimum: 1, maximum: 3600 },
  },
};

interface BeatBody {
  hypervisor_ip: string;
  local_scvm_data_ip: string;
  local_scvm_manage_ip: string;
  nfs_target_ip: string;
  ttl: number;
}

export function createInsightServer(supervisor: Supervisor, insight: Insight): FastifyInstance {
  const app = Fastify({ bodyLimit: 16 * 1024, forceCloseConnections: true });
  app.put<{ Body: BeatBody }>('/api/v1/ioreroute', { schema: { body: beatSchema } }, ({ body }) => {
    const beat = {
      hypervisorIp: body.hypervisor_ip,
      localScvmDataIp: body.local_scvm_data_ip,
      nfsTargetIp: body.nfs_target_ip,
      ttlSeconds: body.ttl,
    };
    supervisor.say({ type: 'beat', beat });
    supervisor.tell({
      type: 'heartbeat',
      at: supervisor.settings.scvm,
      hypervisorIp: beat.hypervisorIp,
      nfsTargetIp: beat.nfsTargetIp,
      ttl: beat.ttlSeconds,
    });
    return { ec: 'EOK', error: {}, data: null };
  });
  app.get('/metrics', (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(insight.metrics(monotonicMs())),
  );
  return app;
}
