import { getHeapStatistics } from 'node:v8'
import type { TransportOptions } from '../kafka/transport/transport-options.js'
import type { Duration } from '../time/duration.js'
import type { ExceptionHandlers } from './exception-handlers.js'
import type { CompiledRateLimit, RateLimit } from './rate-limit-options.js'
import { ConfigError } from './streams-error.js'
import { optionValue } from './streams-options.js'
import type { UncaughtExceptionHandler, UncaughtExceptionResponse } from './uncaught-exception-handler.js'

export type ProcessingGuarantee = 'exactly_once' | 'at_least_once'

/** Encryption and authentication. */
export type ConnectionSecurity = Pick<TransportOptions, 'ssl' | 'sasl'>

/** Options of `KafkaStreams`; only the first two are required. */
export interface KafkaStreamsOptions extends ConnectionSecurity, ExceptionHandlers {
  /** Names the consumer group, the internal topics and the state directory. Letters, digits, `.`, `_` and `-`. */
  readonly applicationId: string
  /** Addresses (`host:port`) of brokers to begin with. */
  readonly brokers: readonly string[]
  /** Default `exactly_once`. */
  readonly processingGuarantee?: ProcessingGuarantee
  /** Stream threads; default 1. More than one needs `KafkaStreams.fromModule`. */
  readonly threads?: number
  /** Where state lives, one folder per application; default `.millrace/state` in the working directory. */
  readonly stateDir?: string
  /**
   * Time between commits; default 100 ms with exactly_once, 30 s with at_least_once, as in Kafka Streams. At most a second
   * where partitions are aligned (`withAlignment`).
   */
  readonly commitInterval?: Duration
  /** Bytes of the record cache per thread, which coalesces updates of tables; default 10 MiB, 0: every update. */
  readonly cacheMaxBytes?: number
  /**
   * Bytes that state may cost a process, shared by its threads; default 256 MiB. Rows beyond it are read from disk.
   * It counts the databases of tasks, 24 MiB each, up to half of it, and what the garbage collector is behind with live
   * rows: about a quarter of what is left is rows in use.
   */
  readonly stateMaxBytes?: number
  /**
   * Bytes of fetched records that wait to be processed, per thread, shared evenly by its partitions; default 32 MiB. A
   * partition has 64 KiB in any case, and room for one batch that is larger than its share.
   */
  readonly fetchMaxBytes?: number
  /** Bytes of output and changed state of one epoch before it is committed early; default 32 MiB per thread. */
  readonly epochMaxBytes?: number
  /**
   * How fast topics are read at most, by the names that the topology has for them, repartition topics included. Default:
   * as fast as can be. Topics of global stores have no limit.
   */
  readonly rateLimits?: Readonly<Record<string, RateLimit>>
  /** Without progress for this long a thread leaves the group; default 5 minutes. */
  readonly maxPollInterval?: Duration
  /** The group coordinator takes a silent member for dead after this time; default 45 s. */
  readonly sessionTimeout?: Duration
  /** Keeps tasks over a restart within the session timeout (KIP-345): unique per process. */
  readonly groupInstanceId?: string
  /** The broker aborts a transaction that is open for longer; default 10 s, as in Kafka Streams. */
  readonly transactionTimeout?: Duration
  /**
   * The least wall time between two looks for windows that have closed, of operators that emit on window close; default
   * 1 s, as in Kafka Streams. 0: after every record.
   */
  readonly emitInterval?: Duration
  /**
   * How long a task with several inputs (a join, a merge) waits for one that has no records, so that records are taken
   * in the order of their timestamps. Default 0: only for records that the broker is known to have, as in Kafka Streams
   * (`max.task.idle.ms`). More: so long for records that are to be written. `false`: not at all.
   */
  readonly maxTaskIdle?: Duration | false
  /** Time between purges of repartition topics; default 30 s. */
  readonly repartitionPurgeInterval?: Duration
  /** Replicas of internal topics; default -1: the broker's default. */
  readonly replicationFactor?: number
  /**
   * What happens when a stream thread has ended by an error, or a function that decides (KIP-671); default
   * `shutdown-client`. Not for what fails in `start`.
   */
  readonly uncaughtExceptionHandler?: UncaughtExceptionResponse | UncaughtExceptionHandler
  /** Stops the application, as `close` does. */
  readonly signal?: AbortSignal
}

/** Options with their defaults, checked: what the runtime works with. Plain data, so that it can go to a thread. */
export interface StreamsConfig extends ConnectionSecurity {
  readonly applicationId: string
  readonly brokers: readonly string[]
  readonly processingGuarantee: ProcessingGuarantee
  readonly threads: number
  readonly stateDir: string
  readonly commitIntervalMs: number
  readonly cacheMaxBytes: number
  /** Per thread. */
  readonly stateMaxBytes: number
  readonly fetchMaxBytes: number
  readonly epochMaxBytes: number
  /** By topic. */
  readonly rateLimits: Readonly<Record<string, CompiledRateLimit>>
  readonly maxPollIntervalMs: number
  readonly sessionTimeoutMs: number
  readonly groupInstanceId: string | undefined
  readonly transactionTimeoutMs: number
  readonly emitIntervalMs: number
  /** undefined: tasks do not wait. */
  readonly maxTaskIdleMs: number | undefined
  readonly repartitionPurgeIntervalMs: number
  readonly replicationFactor: number
  readonly exceptions: ExceptionHandlers
}

const MAX_HEAP_SHARE_OF_STATE = 0.5

/** As Kafka Streams does. */
const COMMIT_INTERVALS: Readonly<Record<ProcessingGuarantee, Duration>> = {
  exactly_once: 100,
  at_least_once: '30s',
}

/**
 * Checks options and fills in defaults, once.
 *
 * @throws {ConfigError} naming the option and the values allowed
 */
export function compileOptions(options: KafkaStreamsOptions): StreamsConfig {
  const processingGuarantee = optionValue('processingGuarantee', options.processingGuarantee)
  const threads = optionValue('threads', options.threads)
  return {
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    applicationId: optionValue('applicationId', options.applicationId),
    brokers: optionValue('brokers', options.brokers),
    processingGuarantee,
    threads,
    stateDir: optionValue('stateDir', options.stateDir),
    commitIntervalMs: optionValue(
      'commitInterval',
      options.commitInterval ?? COMMIT_INTERVALS[processingGuarantee],
    ),
    cacheMaxBytes: optionValue('cacheMaxBytes', options.cacheMaxBytes),
    stateMaxBytes: stateBytesPerThread(optionValue('stateMaxBytes', options.stateMaxBytes), threads),
    fetchMaxBytes: optionValue('fetchMaxBytes', options.fetchMaxBytes),
    epochMaxBytes: optionValue('epochMaxBytes', options.epochMaxBytes),
    rateLimits: optionValue('rateLimits', options.rateLimits),
    maxPollIntervalMs: optionValue('maxPollInterval', options.maxPollInterval),
    sessionTimeoutMs: optionValue('sessionTimeout', options.sessionTimeout),
    groupInstanceId: optionValue('groupInstanceId', options.groupInstanceId),
    transactionTimeoutMs: optionValue('transactionTimeout', options.transactionTimeout),
    emitIntervalMs: optionValue('emitInterval', options.emitInterval),
    maxTaskIdleMs: optionValue('maxTaskIdle', options.maxTaskIdle),
    repartitionPurgeIntervalMs: optionValue('repartitionPurgeInterval', options.repartitionPurgeInterval),
    replicationFactor: optionValue('replicationFactor', options.replicationFactor),
    exceptions: exceptionHandlers(options, threads),
  }
}

/** Checks what is to be done about records that cannot be processed. */
function exceptionHandlers(options: ExceptionHandlers, threads: number): ExceptionHandlers {
  const handlers = {
    deserializationExceptionHandler: optionValue(
      'deserializationExceptionHandler',
      options.deserializationExceptionHandler,
    ),
    processingExceptionHandler: optionValue('processingExceptionHandler', options.processingExceptionHandler),
    productionExceptionHandler: optionValue('productionExceptionHandler', options.productionExceptionHandler),
  }
  for (const [option, handler] of Object.entries(handlers)) {
    if (typeof handler === 'function' && threads > 1) {
      throw new ConfigError(
        option,
        "a function cannot go to worker threads: use 'fail' or 'continue', or one thread",
      )
    }
  }
  return handlers
}

/** Live rows are on the heap of their thread, beside what processing needs. */
function stateBytesPerThread(stateMaxBytes: number, threads: number): number {
  const perThread = Math.floor(stateMaxBytes / threads)
  const limit = Math.floor(getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE_OF_STATE)
  if (perThread <= limit) return perThread
  throw new ConfigError(
    'stateMaxBytes',
    `${stateMaxBytes} is ${perThread} a thread, more than half of the JavaScript heap: at most ${limit * threads} ` +
      'here, or give node a larger heap (--max-old-space-size)',
  )
}

/**
 * How a part of the client reaches the cluster.
 *
 * @param clientId names it in the brokers' logs
 * @param onUnreachable told of brokers that do not answer
 */
export function connectionOptions(
  config: StreamsConfig,
  clientId: string,
  onUnreachable: (broker: string, error: Error) => void,
): TransportOptions {
  const { brokers, ssl, sasl } = config
  return {
    brokers,
    clientId,
    onUnreachable,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  }
}
