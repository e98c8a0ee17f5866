import { type Aggregation, aggregating, reducing } from '../../operators/aggregation.js'
import { countWindowAggregate } from '../../operators/count-window-aggregate.js'
import { countedWindows } from '../serdes/counted-windows.js'
import type { Serde } from '../serdes/serde.js'
import type { Erased } from '../topology/logical-graph.js'
import type { CountWindows } from '../windows/count-windows.js'
import { streamArguments } from './aggregator-arguments.js'
import type { CountWindowedKStream, CountWindowStoreOptions } from './count-windowed-kstream.js'
import type { Grouping } from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import { UnknownSerde } from './unknown-serde.js'

type GivenOptions = CountWindowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }

/** A stream in windows by count as a view of the node that makes it. */
export class CountWindowedStreamOf<K, V, Known extends KnownSerde>
  implements CountWindowedKStream<K, V, Known>
{
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: CountWindows,
  ) {}

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KStream<K, Erased> {
    const { value } = this.grouping.state
    return this.stream('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, reducing(reducer))
  }

  aggregate(...given: Erased[]): KStream<K, Erased> {
    const [initializer, aggregator, options = {}] = streamArguments(given)
    const value = new UnknownSerde('aggregates are of a type of their own')
    const call = 'aggregate(initializer, aggregator, '
    return this.stream('KSTREAM-AGGREGATE-', call, options, value, aggregating(initializer, aggregator))
  }

  private stream<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: Aggregation<Erased, Erased, A>,
  ): KStream<K, A> {
    const { windows } = this
    const { builder } = this.grouping.state
    let results = value
    const { node, store } = this.grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common) => {
        results = common.value
        return { kind: 'keyValue', ...common, value: countedWindows(common.value), caching: false }
      },
      supplierOf: (name) => countWindowAggregate(windows, aggregation, name),
    })
    return builder.stream({ builder, node, key: store.key, value: results, rekeyed: false })
  }
}
