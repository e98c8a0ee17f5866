import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import { isUnreachable } from '../kafka/transport/transport-error.js'
import { BrokersUnreachableError } from '../runtime/kafka-streams.js'
import { OutageWarnings } from '../runtime/outage-warnings.js'
import { connectionOptions } from '../runtime/streams-config.js'
import type { Configuration } from './config/configuration.js'

/**
 * Does something at the brokers of a configuration.
 *
 * @throws {BrokersUnreachableError}
 */
export async function atBrokers<T>(
  { compiled }: Configuration,
  work: (transport: BrokerTransport) => Promise<T>,
): Promise<T> {
  const outages = new OutageWarnings(({ message }) => void process.stderr.write(`${message}\n`))
  const transport = new KafkaJsTransport(connectionOptions(compiled, 'millrace-cli', outages.unreachable))
  try {
    return await work(transport)
  } catch (error) {
    throw isUnreachable(error) ? new BrokersUnreachableError(compiled.brokers, error) : error
  } finally {
    await transport.close()
  }
}
