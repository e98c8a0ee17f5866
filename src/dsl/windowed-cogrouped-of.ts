import { aggregating } from '../../operators/aggregation.js'
import type { EmitStrategy } from '../../operators/final-emission.js'
import { sessionAggregate } from '../../operators/session-aggregate.js'
import { sessionAggregating } from '../../operators/session-aggregation.js'
import { sessionWindowed } from '../serdes/session-windowed.js'
import { windowed } from '../serdes/windowed.js'
import type { Erased } from '../topology/logical-graph.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { Windowed } from '../windows/window.js'
import { allowedLateness } from './allowed-lateness.js'
import type { SessionWindowedCogroupedKStream, TimeWindowedCogroupedKStream } from './cogrouped-kstream.js'
import {
  type CogroupedOptions,
  type CogroupMembers,
  cogroupedTable,
  type ErasedAggregator,
  type WindowEmission,
} from './cogrouping.js'
import type { KTable } from './ktable.js'
import type { EmitOnCloseOptions } from './operator-options.js'
import { rowWindows } from './row-windows.js'
import { sessionStore, windowAggregation, windowStore } from './window-stores.js'

const ON_UPDATE: WindowEmission = { strategy: 'onWindowUpdate', allowed: 0 }

function emissionOf(
  [{ grouping }]: CogroupMembers,
  strategy: EmitStrategy,
  options: EmitOnCloseOptions,
): WindowEmission {
  return { strategy, allowed: allowedLateness(grouping.state.builder, strategy, options) }
}

/** Streams to be aggregated together by window. */
export class TimeWindowedCogroupedOf<K, A> implements TimeWindowedCogroupedKStream<K, A> {
  constructor(
    private readonly members: CogroupMembers,
    private readonly windows: TimeWindows | SlidingWindows,
    private readonly emission = ON_UPDATE,
  ) {}

  emitStrategy(strategy: EmitStrategy, options: EmitOnCloseOptions = {}): TimeWindowedCogroupedKStream<K, A> {
    const emission = emissionOf(this.members, strategy, options)
    return new TimeWindowedCogroupedOf(this.members, this.windows, emission)
  }

  aggregate(initializer: () => Erased, options: CogroupedOptions): KTable<Windowed<K>, A | null> {
    const { members, windows, emission } = this
    const { builder } = members[0].grouping.state
    return cogroupedTable(members, {
      call: 'aggregate(initializer, ',
      options,
      emission,
      storeOf: (common, operator) =>
        windowStore(builder, { windows, common, options, operator, ...emission }),
      supplierOf: (aggregator, store, closing) =>
        windowAggregation(windows, aggregating(initializer, aggregator), store, closing),
      tableOf: ({ key }) => ({
        key: windowed(key, { size: windows.size }),
        windows: rowWindows(windows, emission.allowed),
      }),
    })
  }
}

/** Streams to be aggregated together by session. */
export class SessionWindowedCogroupedOf<K, A> implements SessionWindowedCogroupedKStream<K, A> {
  constructor(
    private readonly members: CogroupMembers,
    private readonly windows: SessionWindows,
    private readonly emission = ON_UPDATE,
  ) {}

  emitStrategy(
    strategy: EmitStrategy,
    options: EmitOnCloseOptions = {},
  ): SessionWindowedCogroupedKStream<K, A> {
    const emission = emissionOf(this.members, strategy, options)
    return new SessionWindowedCogroupedOf(this.members, this.windows, emission)
  }

  aggregate(
    initializer: () => Erased,
    merger: ErasedAggregator,
    options: CogroupedOptions,
  ): KTable<Windowed<K>, A | null> {
    const { members, windows, emission } = this
    const { builder } = members[0].grouping.state
    return cogroupedTable(members, {
      call: 'aggregate(initializer, merger, ',
      options,
      emission,
      storeOf: (common, operator) =>
        sessionStore(builder, { windows, common, options, operator, ...emission }),
      supplierOf: (aggregator, store, closing) =>
        sessionAggregate(windows, sessionAggregating(initializer, aggregator, merger), store, closing),
      tableOf: ({ key }) => ({
        key: sessionWindowed(key),
        windows: rowWindows(windows, emission.allowed),
      }),
    })
  }
}
