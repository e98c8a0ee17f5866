import type { Evictor } from '../../operators/evictor.js'
import { panes } from '../../operators/pane.js'
import { type PaneContentsSupplier, paneAggregates } from '../../operators/pane-contents.js'
import { paneElementsOf, type WindowFunction } from '../../operators/pane-elements.js'
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
import { elementKey, elementValue, paneElements } from '../../operators/window-element.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import { sessionWindowed } from '../serdes/session-windowed.js'
import { windowed } from '../serdes/windowed.js'
import type { Erased } from '../topology/logical-graph.js'
import { GlobalWindows } from '../windows/global-windows.js'
import { SessionWindows } from '../windows/session-windows.js'
import type { Windowed } from '../windows/window.js'
import { sessionArguments, streamArguments } from './aggregator-arguments.js'
import {
  type AggregationRequest,
  burnCountName,
  type CommonStoreDefinition,
  type Grouping,
} from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { TriggeredKStream, TriggeredOptions } from './triggered-kstream.js'
import { UnknownSerde } from './unknown-serde.js'

type GivenOptions = TriggeredOptions<Erased, Erased, Erased> & {
  readonly value?: Serde<Erased> | undefined
}

/** What is asked of windows with a trigger. */
interface TriggeredRequest extends Pick<AggregationRequest, 'prefix' | 'call' | 'options' | 'value'> {
  /** Serde of what the row of the windows has of each. */
  kept(common: CommonStoreDefinition, operator: string): Serde<Erased>
  /** Names of other stores. */
  readonly uses: readonly ((store: string) => string)[]
  contentsOf(common: CommonStoreDefinition): PaneContentsSupplier<Erased, Erased, Erased, Erased>
  /** Serde of the results. */
  results(common: CommonStoreDefinition): Serde<Erased>
}

/** Windows with a trigger as a view of the node that makes them. */
export class TriggeredStreamOf<K, V, Known extends KnownSerde> implements TriggeredKStream<K, V, Known> {
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: TriggeredWindows,
    private readonly given: Trigger<Erased, Erased>,
    private readonly evictor?: Evictor<Erased>,
  ) {}

  trigger<S>(trigger: Trigger<V, S>): TriggeredStreamOf<K, V, Known> {
    return new TriggeredStreamOf(this.grouping, this.windows, trigger)
  }

  evict(evictor: Evictor<V>): TriggeredStreamOf<K, V, Known> {
    return new TriggeredStreamOf(this.grouping, this.windows, this.given, evictor ?? {})
  }

  apply(
    apply: WindowFunction<Erased, Erased, Erased>,
    options: GivenOptions = {},
  ): KStream<Windowed<K>, Erased, 'key'> {
    const { evictor, grouping } = this
    const { builder, value } = grouping.state
    return this.stream({
      prefix: 'KSTREAM-APPLY-',
      call: 'apply(windowFunction, ',
      options,
      value,
      kept: (common, operator) => {
        if (evictor !== undefined && !isEvictor(evictor)) {
          const cure = 'take one of Evictors, or an object with evictBefore or evictAfter'
          builder.refuse(operator, 'its evictor is none', cure)
        }
        const { name, key, logging, storage } = common
        builder.addStore({
          name: elementsOf(name),
          definition: {
            kind: 'keyValue',
            name: elementsOf(name),
            key: elementKey(key),
            value: elementValue(common.value),
            caching: false,
            ordered: true,
            logging,
            storage,
          },
        })
        return paneElements
      },
      uses: [elementsOf],
      contentsOf: ({ name, key }) => paneElementsOf({ apply, evictor, store: elementsOf(name), key }),
      results: () => new UnknownSerde('what is made of windows is of a type of its own'),
    })
  }

  count(options: GivenOptions = {}): KStream<Windowed<K>, number> {
    burnCountName(this.grouping, options)
    return this.aggregates('KSTREAM-AGGREGATE-', 'count(', options, int64(), sessionCounting)
  }

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KStream<Windowed<K>, Erased> {
    const { value } = this.grouping.state
    return this.aggregates('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, sessionReducing(reducer))
  }

  aggregate(...given: Erased[]): KStream<Windowed<K>, Erased> {
    const merges = this.windows instanceof SessionWindows
    const [initializer, aggregator, merger, options = {}] = merges
      ? sessionArguments(given)
      : withoutMerger(streamArguments(given))
    const call = `aggregate(initializer, aggregator, ${merges ? 'merger, ' : ''}`
    const aggregation = sessionAggregating(initializer, aggregator, merger)
    const value = new UnknownSerde('aggregates are of a type of their own')
    return this.aggregates('KSTREAM-AGGREGATE-', call, options, value, aggregation)
  }

  private aggregates<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: SessionAggregation<Erased, Erased, A>,
  ): KStream<Windowed<K>, A> {
    return this.stream({
      prefix,
      call,
      options,
      value,
      kept: (common) => common.value,
      uses: [],
      contentsOf: () => paneAggregates(aggregation),
      results: (common) => common.value,
    })
  }

  private stream<R, Names extends KnownSerde>({
    kept,
    uses,
    contentsOf,
    results,
    ...request
  }: TriggeredRequest): KStream<Windowed<K>, R, Names> {
    const { windows, given: trigger, grouping } = this
    const { builder } = grouping.state
    let common!: CommonStoreDefinition
    const { node } = grouping.aggregate({
      ...request,
      storeOf: (definition, operator) => {
        common = definition
        this.checkTrigger(operator)
        const { name, key, logging, storage } = common
        builder.addStore({
          name: timersOf(name),
          definition: timerStore(timersOf(name), sessionWindowed(key), { logging, storage }),
        })
        const value = panes(kept(common, operator), trigger.state)
        return { kind: 'keyValue', ...common, caching: false, value }
      },
      usesOf: (store) => [timersOf, ...uses].map((nameOf) => nameOf(store)),
      supplierOf: (store, lateOutput) =>
        triggeredAggregate({
          windows: windowAssigner(windows),
          trigger,
          contents: contentsOf(common),
          store,
          timers: timersOf(store),
          lateOutput,
        }),
    })
    return builder.stream({
      builder,
      node,
      key: windowedKey(windows, common.key),
      value: results(common),
      rekeyed: true,
    }) as KStream<Windowed<K>, R, Names>
  }

  private checkTrigger(operator: string): void {
    const { windows, given: trigger, grouping } = this
    const { builder } = grouping.state
    if (typeof trigger?.onElement !== 'function') {
      const cure = 'take one of Triggers, or an object with onElement, onEventTime and onProcessingTime'
      builder.refuse(operator, 'its trigger is none', cure)
    } else if (windows instanceof SessionWindows && trigger.onMerge === undefined) {
      const problem = 'its trigger does not merge what it keeps, and sessions become one'
      builder.refuse(operator, problem, 'give the trigger onMerge(merged, context), or use other windows')
    }
  }
}

const isEvictor = ({ evictBefore, evictAfter }: Evictor<Erased>): boolean =>
  typeof evictBefore === 'function' || typeof evictAfter === 'function'

const elementsOf = (store: string): string => `${store}-elements`
const timersOf = (store: string): string => `${store}-timers`

const noMerger = (): never => {
  throw new Error('windows that are not sessions do not merge')
}

const withoutMerger = ([initializer, aggregator, options]: ReturnType<typeof streamArguments>): ReturnType<
  typeof sessionArguments
> => [initializer, aggregator, noMerger, options]

function windowedKey(windows: TriggeredWindows, key: Serde<Erased>): Serde<Erased> {
  if (windows instanceof SessionWindows) return sessionWindowed(key)
  return windowed(key, { size: windows instanceof GlobalWindows ? windows.window.end : windows.size })
}
