/**
 * The management services of one SCVM: the REST front on port 80, the SessionMaster (at work on
 * the leader only) with the leader's REST behind it, and insight on 10700. Who leads is told by
 * the supervisor, which stands for the cluster's consensus.
 */

import { createInsight } from '../insight.ts';
import { createInsightServer } from '../insight-server.ts';
import { createFront, createLeaderRest } from '../rest-server.ts';
import { createSessionMaster } from '../session-master.ts';
import { monotonicMs } from '../truth.ts';
import { PORTS } from '../wire.ts';
import { connectSupervisor } from './inside.ts';

const supervisor = connectSupervisor();
const { settings } = supervisor;
const insight = createInsight(settings.clusterUuid, settings.dataIps);
const sessions = createSessionMaster(supervisor);
const front = createFront(settings.timings.forwardMs, settings.leader, settings.restMode);

supervisor.onTold((message) => {
  if (message.type === 'leader') {
    sessions.setLeader(message.leader);
    front.setLeader(message.leader);
  } else if (message.type === 'rest') {
    front.setMode(message.mode);
  } else {
    insight.hear(message.beat, monotonicMs());
  }
});
sessions.setLeader(settings.leader);
await sessions.listen();
await createLeaderRest(sessions).listen({ host: settings.dataIp, port: PORTS.leader });
await front.app.listen({ host: '0.0.0.0', port: PORTS.rest });
await createInsightServer(supervisor, insight).listen({ host: '0.0.0.0', port: PORTS.insight });
supervisor.say({ type: 'ready' });
