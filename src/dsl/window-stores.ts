import type { Aggregation } from '../../operators/aggregation.js'
import type { EmitStrategy } from '../../operators/final-emission.js'
import { hoppingAggregate } from '../../operators/hopping-aggregate.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import { slidingAggregate } from '../../operators/sliding-aggregate.js'
import { windowAggregate } from '../../operators/window-aggregate.js'
import { CLOSED_FOR_GOOD, type WindowClosing } from '../../operators/windowed-aggregate.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased } from '../topology/logical-graph.js'
import type { SessionWindows } from '../windows/session-windows.js'
import { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import { UnlimitedWindows } from '../windows/unlimited-windows.js'
import type { GraphBuilder } from './graph-builder.js'
import type { CommonStoreDefinition } from './grouping.js'
import type { WindowStoreOptions } from './operator-options.js'
import { emittedOnce, windowRetention } from './window-retention.js'

/** A store that a windowed aggregation asks for. */
interface StoreRequest<W> {
  readonly windows: W
  readonly common: CommonStoreDefinition
  readonly options: WindowStoreOptions<Erased>
  readonly operator: string
  /** Default: on window update. */
  readonly strategy?: EmitStrategy
  /** How long a window takes records after its result was handed on, milliseconds. Default: 0. */
  readonly allowed?: number
}

/** The store of an aggregation by window. */
export function windowStore(
  builder: GraphBuilder,
  request: StoreRequest<TimeWindows | SlidingWindows>,
): AnyStoreDefinition {
  const { windows, common, options, operator, strategy = 'onWindowUpdate', allowed = 0 } = request
  if (strategy === 'onWindowClose' && windows instanceof UnlimitedWindows) {
    const problem = 'it emits when its window closes, and an unlimited window never does'
    builder.refuse(operator, problem, "leave emitStrategy('onWindowClose') out, or use other windows")
  }
  const sliding = windows instanceof SlidingWindows
  const made = (sliding ? 'twice the time difference + grace' : 'size + grace') + lateness(allowed)
  const retention = windowRetention(builder, operator, options, windows.retention + allowed, made)
  const definition = {
    ...common,
    ...emittedOnce(strategy),
    windowSize: windows.size,
    // As in Kafka Streams, whose stores of this kind keep a window that is just as old as the retention.
    retention: strategy === 'onWindowClose' ? retention + 1 : retention,
  }
  if (!sliding && !overlapping(windows)) return { kind: 'window', ...definition }
  return { kind: 'rangedWindow', ...definition, segment: Math.max(1, windows.retention) }
}

const lateness = (allowed: number): string => (allowed > 0 ? ' + allowed lateness' : '')

/** Whether a record can be in several windows. */
const overlapping = ({ advance, size }: TimeWindows): boolean => advance < size

/** The store of an aggregation by session. */
export function sessionStore(
  builder: GraphBuilder,
  {
    windows,
    common,
    options,
    operator,
    strategy = 'onWindowUpdate',
    allowed = 0,
  }: StoreRequest<SessionWindows>,
): AnyStoreDefinition {
  return {
    kind: 'session',
    ...common,
    ...emittedOnce(strategy),
    segment: windows.retention,
    retention: windowRetention(
      builder,
      operator,
      options,
      windows.retention + allowed,
      `gap + grace${lateness(allowed)}`,
    ),
  }
}

/** The aggregation by window. */
export const windowAggregation = <A>(
  windows: TimeWindows | SlidingWindows,
  aggregation: Aggregation<Erased, Erased, A>,
  store: string,
  closing: WindowClosing = CLOSED_FOR_GOOD,
): ProcessorSupplier<Erased, Erased, Erased, Erased> => {
  if (windows instanceof SlidingWindows) return slidingAggregate(windows, aggregation, store, closing)
  return overlapping(windows)
    ? hoppingAggregate(windows, aggregation, store, closing)
    : windowAggregate(windows, aggregation, store, closing)
}
