import { panes } from '../../operators/pane.js'
import {
  type SessionAggregation,
  sessionAggregating,
  sessionCounting,
  sessionReducing,
} from '../../operators/session-aggregation.js'
import { timerStore } from '../../operators/timer-key.js'
import type { Trigger } from '../../operators/trigger.js'
import { triggeredAggregate } from '../../operators/triggered-aggregate.js'
import { type TriggeredWindows, windowAssigner } from '../../operators/window-assigner.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import { sessionWindowed } from '../serdes/session-windowed.js'
import { windowed } from '../serdes/windowed.js'
import type { Erased } from '../topology/logical-graph.js'
import { GlobalWindows } from '../windows/global-windows.js'
import { SessionWindows } from '../windows/session-windows.js'
import type { Windowed } from '../windows/window.js'
import { burnCountName, type Grouping } from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { TriggeredKStream, TriggeredOptions } from './triggered-kstream.js'
import { UnknownSerde } from './unknown-serde.js'

type GivenOptions = TriggeredOptions<Erased, Erased, Erased> & {
  readonly value?: Serde<Erased> | undefined
}
type Aggregator = (key: Erased, value: Erased, aggregate: Erased) => Erased
type Merger = (key: Erased, left: Erased, right: Erased) => Erased

/** Windows with a trigger as a view of the node that makes them. */
export class TriggeredStreamOf<K, V, Known extends KnownSerde> implements TriggeredKStream<K, V, Known> {
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: TriggeredWindows,
    private readonly given: Trigger<Erased, Erased>,
  ) {}

  trigger<S>(trigger: Trigger<V, S>): TriggeredStreamOf<K, V, Known> {
    return new TriggeredStreamOf(this.grouping, this.windows, trigger)
  }

  count(options: GivenOptions = {}): KStream<Windowed<K>, number> {
    burnCountName(this.grouping, options)
    return this.results('KSTREAM-AGGREGATE-', 'count(', options, int64(), sessionCounting)
  }

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KStream<Windowed<K>, Erased> {
    const { value } = this.grouping.state
    return this.results('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, sessionReducing(reducer))
  }

  aggregate(
    initializer: () => Erased,
    aggregator: Aggregator,
    ...rest: readonly [GivenOptions?] | readonly [Merger, GivenOptions?]
  ): KStream<Windowed<K>, Erased> {
    const [first, second] = rest
    const merges = typeof first === 'function'
    const options = (merges ? second : first) ?? {}
    const call = `aggregate(initializer, aggregator, ${merges ? 'merger, ' : ''}`
    const aggregation = sessionAggregating(initializer, aggregator, merges ? first : noMerger)
    const value = new UnknownSerde('aggregates are of a type of their own')
    return this.results('KSTREAM-AGGREGATE-', call, options, value, aggregation)
  }

  private results<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: SessionAggregation<Erased, Erased, A>,
  ): KStream<Windowed<K>, A> {
    const { windows, given: trigger, grouping } = this
    const { builder } = grouping.state
    let results = value
    let keys: Serde<Erased> = grouping.state.key
    const { node } = grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common, operator) => {
        if (typeof trigger?.onElement !== 'function') {
          const cure = 'take one of Triggers, or an object with onElement, onEventTime and onProcessingTime'
          builder.refuse(operator, 'its trigger is none', cure)
        } else if (windows instanceof SessionWindows && trigger.onMerge === undefined) {
          const problem = 'its trigger does not merge what it keeps, and sessions become one'
          builder.refuse(operator, problem, 'give the trigger onMerge(merged, context), or use other windows')
        }
        results = common.value
        keys = common.key
        const { name, key, logging, storage } = common
        builder.addStore({
          name: timersOf(name),
          definition: timerStore(timersOf(name), sessionWindowed(key), { logging, storage }),
        })
        return { kind: 'keyValue', ...common, caching: false, value: panes(common.value, trigger.state) }
      },
      usesOf: (store) => [timersOf(store)],
      supplierOf: (store, lateOutput) =>
        triggeredAggregate({
          windows: windowAssigner(windows),
          trigger,
          aggregation,
          store,
          timers: timersOf(store),
          lateOutput,
        }),
    })
    return builder.stream({
      builder,
      node,
      key: windowedKey(windows, keys),
      value: results,
      rekeyed: true,
    }) as KStream<Windowed<K>, A>
  }
}

const timersOf = (store: string): string => `${store}-timers`

const noMerger = (): never => {
  throw new Error('windows that are not sessions do not merge')
}

function windowedKey(windows: TriggeredWindows, key: Serde<Erased>): Serde<Erased> {
  if (windows instanceof SessionWindows) return sessionWindowed(key)
  return windowed(key, { size: windows instanceof GlobalWindows ? windows.window.end : windows.size })
}
