import { cpus } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { TransportOptions } from '../kafka/transport/transport-options.js'
import { type Duration, parseDuration } from '../time/duration.js'
import type { ExceptionHandlers } from './exception-handlers.js'
import { type CompiledRateLimit, compileRateLimits, type RateLimit } from './rate-limit-options.js'
import { ConfigError } from './streams-error.js'

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

const MIB = 1024 * 1024
const MAX_HEAP_SHARE_OF_STATE = 0.5
const DEFAULT_EMIT_INTERVAL_MS = 1000

/**
 * Checks options and fills in defaults, once.
 *
 * @throws {ConfigError} naming the option and the values allowed
 */
export function compileOptions(options: KafkaStreamsOptions): StreamsConfig {
  const guarantee = options.processingGuarantee ?? 'exactly_once'
  if (guarantee !== 'exactly_once' && guarantee !== 'at_least_once') {
    throw new ConfigError(
      'processingGuarantee',
      `'${String(guarantee)}' is neither exactly_once nor at_least_once`,
    )
  }
  const threads = wholeNumber('threads', options.threads ?? 1, 1, 4 * cpus().length)
  const commitDefault = guarantee === 'exactly_once' ? 100 : 30_000
  return {
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    applicationId: checkedApplicationId(options.applicationId),
    brokers: checkedBrokers(options.brokers),
    processingGuarantee: guarantee,
    threads,
    stateDir: options.stateDir ?? join('.millrace', 'state'),
    commitIntervalMs: duration('commitInterval', options.commitInterval ?? commitDefault),
    cacheMaxBytes: wholeNumber('cacheMaxBytes', options.cacheMaxBytes ?? 10 * MIB, 0),
    stateMaxBytes: stateBytesPerThread(options.stateMaxBytes ?? 256 * MIB, threads),
    fetchMaxBytes: wholeNumber('fetchMaxBytes', options.fetchMaxBytes ?? 32 * MIB, MIB),
    epochMaxBytes: wholeNumber('epochMaxBytes', options.epochMaxBytes ?? 32 * MIB, MIB),
    rateLimits: compileRateLimits(options.rateLimits ?? {}),
    maxPollIntervalMs: duration('maxPollInterval', options.maxPollInterval ?? '5m'),
    sessionTimeoutMs: duration('sessionTimeout', options.sessionTimeout ?? '45s'),
    groupInstanceId: options.groupInstanceId,
    transactionTimeoutMs: duration('transactionTimeout', options.transactionTimeout ?? '10s'),
    emitIntervalMs: parseDuration('emitInterval', options.emitInterval ?? DEFAULT_EMIT_INTERVAL_MS),
    maxTaskIdleMs: taskIdle(options.maxTaskIdle ?? 0),
    repartitionPurgeIntervalMs: duration(
      'repartitionPurgeInterval',
      options.repartitionPurgeInterval ?? '30s',
    ),
    replicationFactor: wholeNumber('replicationFactor', options.replicationFactor ?? -1, -1, 32_767),
    exceptions: exceptionHandlers(options, threads),
  }
}

/** Checks what is to be done about records that cannot be processed. */
function exceptionHandlers(options: ExceptionHandlers, threads: number): ExceptionHandlers {
  const {
    deserializationExceptionHandler = 'fail',
    processingExceptionHandler = 'fail',
    productionExceptionHandler = 'fail',
  } = options
  const handlers = { deserializationExceptionHandler, processingExceptionHandler, productionExceptionHandler }
  for (const [option, handler] of Object.entries(handlers)) {
    if (typeof handler === 'function' && threads > 1) {
      throw new ConfigError(
        option,
        "a function cannot go to worker threads: use 'fail' or 'continue', or one thread",
      )
    }
    if (typeof handler !== 'function' && handler !== 'fail' && handler !== 'continue') {
      throw new ConfigError(option, `'${String(handler)}' is neither 'fail' nor 'continue' nor a function`)
    }
  }
  return handlers
}

/** Live rows are on the heap of their thread, beside what processing needs. */
function stateBytesPerThread(stateMaxBytes: number, threads: number): number {
  const perThread = Math.floor(wholeNumber('stateMaxBytes', stateMaxBytes, MIB) / threads)
  const limit = Math.floor(getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE_OF_STATE)
  if (perThread <= limit) return perThread
  throw new ConfigError(
    'stateMaxBytes',
    `${stateMaxBytes} is ${perThread} a thread, more than half of the JavaScript heap: at most ${limit * threads} ` +
      'here, or give node a larger heap (--max-old-space-size)',
  )
}

function checkedApplicationId(applicationId: string): string {
  if (typeof applicationId !== 'string' || !/^[A-Za-z0-9._-]{1,180}$/.test(applicationId)) {
    throw new ConfigError(
      'applicationId',
      `'${String(applicationId)}' must be 1 to 180 letters, digits, '.', '_' or '-': it becomes part of topic names`,
    )
  }
  return applicationId
}

function checkedBrokers(brokers: readonly string[]): readonly string[] {
  if (!Array.isArray(brokers) || brokers.length === 0) {
    throw new ConfigError('brokers', "needs at least one address such as 'localhost:9092'")
  }
  for (const broker of brokers) {
    if (typeof broker !== 'string' || !/^.+:\d{1,5}$/.test(broker)) {
      throw new ConfigError('brokers', `'${String(broker)}' is not of the form host:port`)
    }
  }
  return brokers
}

function wholeNumber(option: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`
    throw new ConfigError(option, `${String(value)} must be a whole number, ${range}`)
  }
  return value
}

const taskIdle = (maxTaskIdle: Duration | false): number | undefined =>
  maxTaskIdle === false ? undefined : parseDuration('maxTaskIdle', maxTaskIdle)

function duration(option: string, value: Duration): number {
  const milliseconds = parseDuration(option, value)
  if (milliseconds <= 0) throw new ConfigError(option, `${value} must be positive`)
  return milliseconds
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
