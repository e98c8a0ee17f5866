import type { AsyncCallContext, AsyncFunction, CallPolicy } from '../../operators/async-calls.js'
import type { AsyncOperator, AsyncOrder } from '../../operators/async-operator.js'
import { inFlightRecord } from '../../operators/in-flight-record.js'
import type { KeyValue } from '../../operators/map.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import { int64 } from '../serdes/int64.js'
import { type Duration, parseDuration } from '../time/duration.js'
import type { Erased, LogicalOperator } from '../topology/logical-graph.js'
import type { KnownSerde, Options, SerdesFor } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { OperatorOptions } from './operator-options.js'
import type { StreamState } from './stream-state.js'

/** Which failed calls of an asynchronous operator are made again. */
export interface AsyncRetries {
  /** How often a call is made again at most. */
  readonly max: number
  /**
   * Exponential backoff with full jitter: the wait before the first repetition is any time up to this, before each
   * further one up to twice as long. Default: `100ms`.
   */
  readonly backoff?: Duration | undefined
  /** The longest wait. Default: `10s`. */
  readonly maxBackoff?: Duration | undefined
  /** Whether an error may pass; others end the call at once. Default: all may. */
  readonly when?: ((error: unknown) => boolean) | undefined
}

/** When an asynchronous operator makes no calls because the service does not work. */
export interface AsyncCircuitBreaker {
  /** So many attempts that fail one after the other open it. Those that {@link AsyncRetries.when} refuses do not count. */
  readonly failures: number
  /** How long no call is made; then one tries whether the service works again. */
  readonly openFor: Duration
}

/** How an asynchronous operator makes its calls. */
export interface AsyncCallOptions extends OperatorOptions {
  /**
   * In which order results are handed on:
   *
   * - `input`, the default: that of the records, as `map` does.
   * - `key`: of the records of a key, their own; at most one call a key is made at a time.
   * - `none`: as they come. Where event time comes from watermarks, not past one that waits for earlier records.
   */
  readonly order?: AsyncOrder | undefined
  /**
   * Records in flight at most, in each task; with so many the task reads no further one until a result is handed on.
   * Default: 100.
   */
  readonly capacity?: number | undefined
  /**
   * Bytes in memory that records in flight take at most in each task, and results that wait for others to be handed on, by
   * estimate; with so many the task reads no further record either. Default: 16 MiB.
   */
  readonly capacityBytes?: number | undefined
  /**
   * How long a call may take, over all its attempts and the waits between them. Time in which a circuit breaker holds it
   * up does not count. Default: `60s`.
   */
  readonly timeout?: Duration | undefined
  /** Default: a call is not made again. */
  readonly retries?: AsyncRetries | undefined
  /** While it is open no calls are made: the task stops reading when it has its capacity of records. Default: none. */
  readonly circuitBreaker?: AsyncCircuitBreaker | undefined
}

/** Options of asynchronous operators. Records in flight wait in a store, which takes both serdes. */
export type AsyncOptions<K, V, Known extends KnownSerde> = AsyncCallOptions & SerdesFor<K, V, Known>

/**
 * Operators that ask the outside about records: a service, a database. What is in flight is kept in a store with a
 * changelog (`<name>-InFlight`), so that a commit never waits for an answer: after a crash or a rebalance the calls are
 * made again. So each record has one result, but calls are made at least once. A call that fails after its retries is
 * a failure of the operator on that record (`processingExceptionHandler`).
 */
export interface AsyncStreams<K, V, Known extends KnownSerde> {
  /**
   * Gives each record the key and value that its call is answered with. The key-dependent operator that follows
   * repartitions; where the key stays, use {@link mapValuesAsync}.
   *
   * @example
   * ```ts
   * const terminalOf = async (airport: string) => `terminal of ${airport}`
   * const arrivals = flights.mapAsync(async (_, flight) => [flight.to, await terminalOf(flight.to)])
   * assert.deepEqual(await answered(arrivals), [
   *   'JFK: terminal of JFK', 'JFK: terminal of JFK', 'LGA: terminal of LGA', 'SFO: terminal of SFO',
   * ])
   * ```
   */
  mapAsync<KR, VR>(
    mapper: (key: K, value: V, call: AsyncCallContext) => PromiseLike<KeyValue<KR, VR>>,
    ...options: Options<AsyncOptions<K, V, Known>>
  ): KStream<KR, VR, never>

  /**
   * Gives each record the value that its call is answered with; the key stays, and nothing is repartitioned.
   *
   * @example
   * ```ts
   * const priceOf = async (flight: Flight, signal: AbortSignal) => (signal.aborted ? 0 : 100 - flight.delay)
   * const prices = flights.mapValuesAsync((flight, _, { signal }) => priceOf(flight, signal), {
   *   order: 'key',
   *   capacity: 200,
   *   timeout: '5s',
   *   retries: { max: 3 },
   * })
   * assert.deepEqual(await answered(prices), ['SFO: 80', 'LGA: 100', 'SFO: 55', 'LGA: 95'])
   * ```
   */
  mapValuesAsync<VR>(
    mapper: (value: V, key: K, call: AsyncCallContext) => PromiseLike<VR>,
    ...options: Options<AsyncOptions<K, V, Known>>
  ): KStream<K, VR, Exclude<Known, 'value'>>

  /**
   * Keeps the records whose call is answered with `true`.
   *
   * @example
   * ```ts
   * const isKnown = async (airport: string) => airport === 'SFO'
   * assert.deepEqual(await answered(flights.filterAsync(isKnown)), [
   *   "SFO: { to: 'JFK', delay: 20 }", "SFO: { to: 'LGA', delay: 45 }",
   * ])
   * ```
   */
  filterAsync(
    predicate: (key: K, value: V, call: AsyncCallContext) => PromiseLike<boolean>,
    ...options: Options<AsyncOptions<K, V, Known>>
  ): KStream<K, V, Known>

  /**
   * Makes any number of records of each record, by what its call is answered with. The key-dependent operator that
   * follows repartitions.
   *
   * @example
   * ```ts
   * const gatesAt = async (airport: string) => (airport === 'LGA' ? ['C1', 'C2'] : [])
   * const gates = flights.flatMapAsync(async (_, { to }) => (await gatesAt(to)).map((gate) => [to, gate]))
   * assert.deepEqual(await answered(gates), ['LGA: C1', 'LGA: C2'])
   * ```
   */
  flatMapAsync<KR, VR>(
    mapper: (key: K, value: V, call: AsyncCallContext) => PromiseLike<Iterable<KeyValue<KR, VR>>>,
    ...options: Options<AsyncOptions<K, V, Known>>
  ): KStream<KR, VR, never>
}

/** An asynchronous operator to be added to a stream. */
export interface AsyncRequest {
  readonly method: 'mapAsync' | 'mapValuesAsync' | 'filterAsync' | 'flatMapAsync'
  readonly ask: AsyncFunction<Erased, Erased, Erased>
  readonly supplier: (
    operator: AsyncOperator<Erased, Erased, Erased>,
  ) => ProcessorSupplier<Erased, Erased, Erased, Erased>
  readonly options: AsyncOptions<Erased, Erased, Erased> | undefined
  readonly effect?: LogicalOperator['effect']
}

const DEFAULT_CAPACITY = 100
const DEFAULT_CAPACITY_BYTES = 16 * 1024 * 1024

/** Adds an asynchronous operator; the state is that of a stream with unchanged types. */
export function addAsync(
  state: StreamState,
  { method, ask, supplier, options = {}, effect }: AsyncRequest,
): StreamState {
  const { builder } = state
  const name = builder.names.operator(`KSTREAM-${method.toUpperCase()}-`, options.name)
  const serde = (part: 'key' | 'value') =>
    builder.serde({
      operator: name,
      call: `${method}(mapper, `,
      part,
      given: options[part],
      known: state[part],
    })
  const key = serde('key')
  const store = {
    kind: 'keyValue',
    name: `${name}-InFlight`,
    key: int64(),
    value: inFlightRecord(key, serde('value')),
    caching: false,
    logging: true,
    ordered: true,
  } as const
  const order = orderOf(state, name, options)
  const policy = callPolicy(state, name, options)
  const node = builder.add<LogicalOperator>({
    kind: 'operator',
    name,
    parents: [state.node],
    supplier: supplier({ ask, order, policy, store: store.name, key }),
    store,
    effect,
  })
  return { ...state, node }
}

function orderOf({ builder }: StreamState, name: string, { order = 'input' }: AsyncCallOptions): AsyncOrder {
  if (order !== 'input' && order !== 'key' && order !== 'none')
    builder.refuse(name, `order ${JSON.stringify(order)} is not known`, "give it 'input', 'key' or 'none'")
  return order
}

function callPolicy({ builder }: StreamState, name: string, options: AsyncCallOptions): CallPolicy {
  const { capacity = DEFAULT_CAPACITY, capacityBytes = DEFAULT_CAPACITY_BYTES } = options
  const { timeout = '60s', retries, circuitBreaker } = options
  const count = (option: string, value: number, least: number): number => {
    if (!Number.isSafeInteger(value) || value < least)
      builder.refuse(name, `${option} ${value} is not possible`, `give it an integer of at least ${least}`)
    return value
  }
  const duration = (option: string, value: Duration): number =>
    parseDuration(`${name}: ${option}`, value, { min: 1 })
  return {
    capacity: count('capacity', capacity, 1),
    capacityBytes: count('capacityBytes', capacityBytes, 1),
    timeout: duration('timeout', timeout),
    retries: {
      max: count('retries.max', retries?.max ?? 0, 0),
      backoff: duration('retries.backoff', retries?.backoff ?? '100ms'),
      maxBackoff: duration('retries.maxBackoff', retries?.maxBackoff ?? '10s'),
      when: retries?.when ?? (() => true),
    },
    breaker: circuitBreaker && {
      failures: count('circuitBreaker.failures', circuitBreaker.failures, 1),
      openFor: duration('circuitBreaker.openFor', circuitBreaker.openFor),
    },
  }
}
