import type { Aggregator, Initializer } from '../../operators/aggregation.js'
import type { Merger } from '../../operators/session-aggregation.js'
import type { StreamAggregator, TableAggregator } from '../aggregators/aggregator.js'
import type { Erased } from '../topology/logical-graph.js'

type Functions = [initializer: Initializer<Erased>, aggregator: Aggregator<Erased, Erased, Erased>]
type Options = Erased

/** What `aggregate` was given for a stream: functions, or an aggregator, which has them and the serde. */
export function streamArguments(given: readonly Erased[]): [...Functions, Options] {
  const [first, options] = given
  if (typeof first === 'function') return given as unknown as [...Functions, Options]
  return [...functionsOf(first), optionsOf(first, options)]
}

/** As {@link streamArguments}, with a function for sessions that become one. */
export function sessionArguments(given: readonly Erased[]): [...Functions, Merger<Erased, Erased>, Options] {
  const [first, options] = given
  if (typeof first === 'function') return given as unknown as [...Functions, Merger<Erased, Erased>, Options]
  const by: StreamAggregator<Erased, Erased> = first
  return [...functionsOf(by), (key, left, right) => by.merger(key, left, right), optionsOf(by, options)]
}

export const isRetracting = (given: Erased): given is TableAggregator<Erased, Erased> =>
  typeof given === 'object' && given.retracting !== undefined

/** Values that are null, which windows hand to functions, are none of an aggregator's. */
const functionsOf = (by: StreamAggregator<Erased, Erased>): Functions => [
  () => by.initializer(),
  (key, value, aggregate) =>
    value === null || value === undefined ? aggregate : by.aggregator(key, value, aggregate),
]

const optionsOf = (by: StreamAggregator<Erased, Erased>, options: Options = {}): Options => ({
  ...options,
  value: options.value ?? by.serde,
})
