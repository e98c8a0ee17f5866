import { cpus } from 'node:os'
import { join } from 'node:path'
import type {
  DeserializationExceptionHandler,
  ExceptionResponse,
  ProcessingExceptionHandler,
  ProductionExceptionHandler,
} from './exception-handlers.js'
import {
  duration,
  durationOrFalse,
  json,
  list,
  type OptionKind,
  oneOf,
  optional,
  text,
  wholeNumber,
} from './option-kind.js'
import { checkedRateLimits } from './rate-limit-options.js'
import type { UncaughtExceptionHandler, UncaughtExceptionResponse } from './uncaught-exception-handler.js'

/** An option, wherever it is written: in code, in a file, in the environment or on a command line. */
export interface OptionDefinition<T> extends OptionKind<T> {
  /** What it is for, in a sentence. */
  readonly meaning: string
  /** What holds where it is not given; undefined: nothing, or what `otherwise` says. */
  readonly default?: unknown
  /** What holds where it is not given, for people, where that depends on something. */
  readonly otherwise?: string
  /** Not to be shown. */
  readonly secret?: true
}

/** A definition: a kind of value, and what there is to say about it. */
export const option = <T>(
  kind: OptionKind<T>,
  about: Omit<OptionDefinition<T>, keyof OptionKind<T>>,
): OptionDefinition<T> => ({ ...kind, ...about })

const THREADS_PER_CPU = 4
const MIB = 1024 * 1024
const bytes = (least: number): OptionKind<number> => wholeNumber(least)
const positive = duration({ min: 1 })

/** A word that says what is to be done; in code it may be a function. */
const wordOrFunction = <W, F>(words: OptionKind<W>): OptionKind<W | F> => ({
  ...words,
  check: (name, value) => (typeof value === 'function' ? (value as F) : words.check(name, value)),
})

/** What is to be done about records that cannot be processed. */
const response = <F>(): OptionKind<ExceptionResponse | F> =>
  wordOrFunction<ExceptionResponse, F>(oneOf('fail', 'continue'))

const uncaughtResponse = wordOrFunction<UncaughtExceptionResponse, UncaughtExceptionHandler>(
  oneOf('replace-thread', 'shutdown-client', 'shutdown-application'),
)

/** Every option of `KafkaStreams` that is plain data, checked one by one. */
export const STREAMS_OPTIONS = {
  applicationId: option(
    text(
      "1 to 180 letters, digits, '.', '_' or '-', since it becomes part of topic names",
      /^[A-Za-z0-9._-]{1,180}$/,
    ),
    { meaning: 'Names the consumer group, the internal topics and the state directory' },
  ),
  brokers: option(list("addresses such as 'localhost:9092', at least one", /^.+:\d{1,5}$/), {
    meaning: 'Addresses of brokers to begin with',
  }),
  processingGuarantee: option(oneOf('exactly_once', 'at_least_once'), {
    default: 'exactly_once',
    meaning: 'What a crash may do to the output',
  }),
  threads: option(
    {
      ...wholeNumber(1, THREADS_PER_CPU * cpus().length),
      allowed: 'a whole number, from 1 to 4 for each CPU',
    },
    { default: 1, meaning: 'Stream threads' },
  ),
  stateDir: option(text('a directory'), {
    default: join('.millrace', 'state'),
    meaning: 'Where state lives, a folder per application',
  }),
  commitInterval: option(positive, {
    otherwise: '100 ms with exactly_once, 30 s with at_least_once',
    meaning: 'Time between commits; at most a second where partitions are aligned',
  }),
  cacheMaxBytes: option(bytes(0), {
    default: 10 * MIB,
    meaning: 'Bytes of the record cache per thread, which coalesces updates of tables; 0: every update',
  }),
  stateMaxBytes: option(bytes(MIB), {
    default: 256 * MIB,
    meaning: 'Bytes that state may cost the process, shared by its threads',
  }),
  fetchMaxBytes: option(bytes(MIB), {
    default: 32 * MIB,
    meaning: 'Bytes of fetched records that wait to be processed, per thread',
  }),
  epochMaxBytes: option(bytes(MIB), {
    default: 32 * MIB,
    meaning: 'Bytes of output and changed state before an early commit, per thread',
  }),
  rateLimits: option(json('by topic, such as {"flights":{"recordsPerSecond":1000}}', checkedRateLimits), {
    otherwise: 'as fast as can be',
    meaning: 'How fast topics are read at most',
  }),
  maxPollInterval: option(positive, {
    default: '5m',
    meaning: 'Without progress for this long a thread leaves the group',
  }),
  sessionTimeout: option(positive, {
    default: '45s',
    meaning: 'The coordinator takes a silent member for dead after this time',
  }),
  groupInstanceId: option(optional(text("letters, digits, '.', '_' or '-'", /^[A-Za-z0-9._-]{1,200}$/)), {
    meaning: 'Keeps tasks over a restart within the session timeout (KIP-345): unique per process',
  }),
  transactionTimeout: option(positive, {
    default: '10s',
    meaning: 'The broker aborts a transaction that is open for longer',
  }),
  emitInterval: option(duration({ min: 0 }), {
    default: '1s',
    meaning: 'The least time between two looks for windows that have closed; 0: after every record',
  }),
  maxTaskIdle: option(durationOrFalse({ min: 0 }), {
    default: 0,
    meaning: 'How long a task with several inputs waits for one that has no records; false: not at all',
  }),
  repartitionPurgeInterval: option(positive, {
    default: '30s',
    meaning: 'Time between purges of repartition topics',
  }),
  replicationFactor: option(wholeNumber(-1, 32_767), {
    default: -1,
    meaning: "Replicas of internal topics; -1: the broker's default",
  }),
  deserializationExceptionHandler: option(response<DeserializationExceptionHandler>(), {
    default: 'fail',
    meaning: 'What happens when a record cannot be read',
  }),
  processingExceptionHandler: option(response<ProcessingExceptionHandler>(), {
    default: 'fail',
    meaning: 'What happens when a function fails on a record',
  }),
  productionExceptionHandler: option(response<ProductionExceptionHandler>(), {
    default: 'fail',
    meaning: 'What happens when a record cannot be sent',
  }),
  uncaughtExceptionHandler: option(uncaughtResponse, {
    default: 'shutdown-client',
    meaning: 'What happens when a stream thread has ended by an error',
  }),
} satisfies Record<string, OptionDefinition<unknown>>

type StreamsOptionName = keyof typeof STREAMS_OPTIONS

/** The value of an option, or its default, checked. */
export const optionValue = <N extends StreamsOptionName>(
  name: N,
  given: unknown,
): ReturnType<(typeof STREAMS_OPTIONS)[N]['check']> => {
  const definition: OptionDefinition<unknown> = STREAMS_OPTIONS[name]
  return definition.check(name, given ?? definition.default) as ReturnType<
    (typeof STREAMS_OPTIONS)[N]['check']
  >
}
