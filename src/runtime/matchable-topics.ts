import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { hasPatterns } from '../topology/matched-topics.js'
import { internalTopicName } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'

/** The topics of a cluster that patterns of a topology may be for; empty where it has none. */
export async function matchableTopics(
  transport: BrokerTransport,
  topology: Topology,
  applicationId: string,
): Promise<readonly string[]> {
  if (!hasPatterns(topology)) return []
  const internal = internalTopicName(applicationId, '')
  const all = (await transport.metadata()).map(({ topic }) => topic)
  return all.filter((topic) => !topic.startsWith(internal) && !topic.startsWith('__'))
}
