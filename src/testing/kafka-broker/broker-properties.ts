/** What a node on loopback needs to be told; everything else is Kafka's default. */
const LOOPBACK_NODE = {
  'controller.listener.names': 'CONTROLLER',
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // Nobody is there to hand partitions on to. Before it stops in order the broker would have them led by nobody, and a
  // transaction that is committed in that moment loses its records there: Kafka 4.3.1 takes a partition without a leader
  // for deleted (getPartitionLeaderEndpoint gives nothing) and calls the commit complete without its marker.
  'controlled.shutdown.enable': 'false',
}

export type BrokerProperties = Readonly<Record<string, string | number | boolean>>

/** The one node that is a controller too. */
export const CONTROLLER_NODE = 1

/** A node, and where on loopback it and its controller listen. */
export interface NodePorts {
  readonly nodeId: number
  readonly port: number
  readonly controllerPort: number
}

const rolesOf = ({ nodeId, port, controllerPort }: NodePorts): BrokerProperties => {
  const listener = `PLAINTEXT://127.0.0.1:${port}`
  const controls = nodeId === CONTROLLER_NODE
  return {
    'process.roles': controls ? 'broker,controller' : 'broker',
    'node.id': nodeId,
    listeners: controls ? `${listener},CONTROLLER://127.0.0.1:${controllerPort}` : listener,
    'advertised.listeners': listener,
    'controller.quorum.voters': `${CONTROLLER_NODE}@127.0.0.1:${controllerPort}`,
  }
}

/** The broker's configuration file: on loopback, with node 1 as controller. */
export const serverProperties = (
  ports: NodePorts,
  logDirectory: string,
  overrides: BrokerProperties,
): string => {
  const properties: BrokerProperties = {
    ...LOOPBACK_NODE,
    ...rolesOf(ports),
    'log.dirs': logDirectory.replaceAll('\\', '/'),
    ...overrides,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
