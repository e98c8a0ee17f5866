import type { ConnectionOptions as TlsOptions } from 'node:tls'
import type { SASLOptions } from 'kafkajs'

/** What the connections have to tell: opened, broken, refused. */
export interface TransportLogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  /** `host:port` of the broker, where the entry is about one. */
  readonly broker?: string
}

/** How to reach a Kafka cluster. */
export interface TransportOptions {
  /** Some of the cluster's brokers, as `host:port`; the others are found through them. */
  readonly brokers: readonly string[]
  /** Shown in the brokers' logs and quotas. Default `millrace`. */
  readonly clientId?: string
  /** `true`, or options of `node:tls`. Default: no TLS. */
  readonly ssl?: boolean | TlsOptions
  /** Credentials, in the shape that kafkajs takes. */
  readonly sasl?: SASLOptions
  /** Milliseconds to open a connection, TLS and authentication included. Default 10,000. */
  readonly connectionTimeout?: number
  /** Milliseconds to wait for a response, or for more bytes, unless a request says otherwise. Default 30,000. */
  readonly requestTimeout?: number
  /** Receives what the connections log. Default: nothing is logged. */
  readonly onLog?: (entry: TransportLogEntry) => void
  /** Told whenever a broker (`host:port`) cannot be connected to, or does not answer in time. Must not throw. */
  readonly onUnreachable?: (broker: string, error: Error) => void
}

/** The options of every connection, complete. */
export interface LinkOptions {
  readonly clientId: string
  readonly ssl: TlsOptions | null
  readonly sasl: SASLOptions | null
  readonly connectionTimeout: number
  readonly requestTimeout: number
  readonly onLog: (entry: TransportLogEntry) => void
  readonly onUnreachable: (broker: string, error: Error) => void
}

export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

const DEFAULT_PORT = 9092

/** Splits `host:port`, `[ipv6]:port` or `host`. Throws a RangeError that names what is wrong. */
export const parseBrokerAddress = (address: string): BrokerAddress => {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(address.trim())
  const port = match?.[3] === undefined ? DEFAULT_PORT : Number(match[3])
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || port < 1 || port > 65535) {
    throw new RangeError(`brokers: ${JSON.stringify(address)} is not of the form host:port`)
  }
  return { host, port }
}

export const parseBrokerAddresses = (brokers: readonly string[]): BrokerAddress[] => {
  if (brokers.length === 0) throw new RangeError('brokers: at least one host:port is needed')
  return brokers.map(parseBrokerAddress)
}

const ignore = (): void => {}

export const linkOptionsOf = (options: TransportOptions): LinkOptions => ({
  clientId: options.clientId ?? 'millrace',
  ssl: options.ssl === true ? {} : options.ssl || null,
  // kafkajs writes into the object that it is given.
  sasl: options.sasl === undefined ? null : { ...options.sasl },
  connectionTimeout: options.connectionTimeout ?? 10_000,
  requestTimeout: options.requestTimeout ?? 30_000,
  onLog: options.onLog ?? ignore,
  onUnreachable: options.onUnreachable ?? ignore,
})
