/** What a single node needs to be told; everything else is Kafka's default. */
const SINGLE_NODE = {
  'process.roles': 'broker,controller',
  'node.id': '1',
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
}

export type BrokerProperties = Readonly<Record<string, string | number | boolean>>

/** The broker's configuration file: a combined broker and controller on loopback. */
export const serverProperties = (
  port: number,
  controllerPort: number,
  logDirectory: string,
  overrides: BrokerProperties,
): string => {
  const properties: BrokerProperties = {
    ...SINGLE_NODE,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': logDirectory.replaceAll('\\', '/'),
    ...overrides,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
