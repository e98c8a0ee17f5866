import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import { isUnreachable } from '../kafka/transport/transport-error.js'
import { OutageWarnings } from './outage-warnings.js'
import { connectionOptions, type StreamsConfig } from './streams-config.js'
import { StreamsError } from './streams-error.js'

/** None of the brokers that the options name could be reached at the start. */
export class BrokersUnreachableError extends StreamsError {
  override readonly name = 'BrokersUnreachableError'

  constructor(brokers: readonly string[], cause: Error) {
    super(
      'BROKERS_UNREACHABLE',
      `none of the brokers ${brokers.join(', ')} (option brokers) can be reached: ${cause.message}`,
      { cause },
    )
  }
}

export interface Visit {
  /** Behind the application's id, for the brokers' logs. */
  readonly name: string
  /** Told of brokers that cannot be reached. */
  readonly warn: (error: Error) => void
  /** Ends the connections. */
  readonly signal?: AbortSignal
}

/**
 * Does something at the brokers of an application, over connections of its own that end with it.
 *
 * @throws {BrokersUnreachableError}
 */
export async function atBrokers<T>(
  config: StreamsConfig,
  { name, warn, signal }: Visit,
  work: (transport: BrokerTransport) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const outages = new OutageWarnings(warn)
  const clientId = `${config.applicationId}-${name}`
  const transport = new KafkaJsTransport(connectionOptions(config, clientId, outages.unreachable))
  const close = (): void => void transport.close()
  signal?.addEventListener('abort', close, { once: true })
  try {
    return await work(transport)
  } catch (error) {
    throw isUnreachable(error) ? new BrokersUnreachableError(config.brokers, error) : error
  } finally {
    signal?.removeEventListener('abort', close)
    await transport.close()
  }
}
