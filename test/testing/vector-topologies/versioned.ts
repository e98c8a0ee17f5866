import type { ProcessorContext } from '../../../operators/processor-api.js'
import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import type { VersionedKeyValueStore } from '../../../src/state/stores.js'
import { Stores } from '../../../src/state/stores-factory.js'
import { type Catalogue, nullableTexts, texts, textTable } from './inputs.js'
import { parseLong, required, split } from './java.js'

/** A versioned table of texts. */
export const versionedTable = (
  builder: StreamsBuilder,
  topic: string,
  store: string,
  historyRetention: number,
) => builder.table<string, string>(topic, { ...texts, store, historyRetention })

const plus = (left: unknown, right: unknown): string => `${left}+${right}`
const waiting = { name: 'sj', gracePeriod: 10 }

const streamTableJoin = (historyRetention: number) => (builder: StreamsBuilder) => {
  const stream = nullableTexts(builder, 's')
  stream.join(versionedTable(builder, 't', 'vt', historyRetention), plus).to('out', texts)
}

/** A left join whose records wait. */
const waitingLeftJoin = (builder: StreamsBuilder) => {
  const stream = nullableTexts(builder, 's')
  stream.leftJoin(versionedTable(builder, 't', 'vt', 1000), plus, waiting).to('out', texts)
}

/** What processors, tables and joins do with versions. */
export const versioned: Catalogue = {
  papi_versioned_store: (b) => {
    const store = Stores.versioned('vs', { key: string(), value: string(), historyRetention: 100 })
    b.addStateStore(store)
    b.stream<string, string | null>('in', texts)
      .process(
        () => {
          let context: ProcessorContext<string, string>
          let versions: VersionedKeyValueStore<string, string>
          return {
            init(given: ProcessorContext<string, string>) {
              context = given
              versions = given.store(store)
            },
            process(record) {
              const { key, value, timestamp } = record
              if (value?.startsWith('get:')) {
                const version = versions.get(key, parseLong(value.slice(4)))
                const shown = version === undefined ? 'null' : `${version.value}@${version.validFrom}..-`
                context.forward({ ...record, value: shown })
              } else {
                const validTo = versions.put(key, value, timestamp)
                context.forward({ ...record, value: `put:${asLong(validTo)}` })
              }
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  rand_versioned_stjoin: streamTableJoin(80),
  versioned_filter_mapvalues: (b) =>
    versionedTable(b, 'in', 'vt', 1000)
      .filter((_, value) => !value.startsWith('x'))
      .mapValues((value) => `${value}!`)
      .toStream()
      .to('out', texts),
  versioned_groupby_aggregate: (b) =>
    versionedTable(b, 'in', 'vt', 1000)
      .groupBy(
        (_, value) => {
          const [group, amount] = split(value, '|')
          return [required(group), parseLong(required(amount))]
        },
        { name: 'g', key: string(), value: int64() },
      )
      .aggregate(
        () => 0,
        (_, amount, sum) => sum + amount,
        (_, amount, sum) => sum - amount,
        { store: 'sum', value: int64() },
      )
      .toStream()
      .to('out'),
  versioned_ktable_source: (b) => versionedTable(b, 'in', 'vt', 100).toStream().to('out'),
  versioned_stjoin_grace: (b) => {
    const stream = nullableTexts(b, 's')
    stream.join(versionedTable(b, 't', 'vt', 1000), plus, waiting).to('out', texts)
  },
  versioned_stjoin_inner: streamTableJoin(1000),
  versioned_stjoin_left: (b) => {
    const stream = nullableTexts(b, 's')
    stream.leftJoin(versionedTable(b, 't', 'vt', 1000), plus).to('out', texts)
  },
  versioned_stjoin_left_grace: waitingLeftJoin,
  versioned_stjoin_left_grace_null_key: waitingLeftJoin,
  versioned_ttjoin: (b) => {
    const left = versionedTable(b, 'l', 'lt', 1000)
    left
      .join(versionedTable(b, 'r', 'rt', 1000), plus)
      .toStream()
      .to('out', texts)
  },
  versioned_ttjoin_left_one_side: (b) => {
    const left = versionedTable(b, 'l', 'lt', 1000)
    left
      .leftJoin(textTable(b, 'r', 'rt'), plus)
      .toStream()
      .to('out', texts)
  },
}

/** The end of a version as Kafka Streams' `put` returns it. */
function asLong(validTo: number | undefined): string {
  if (validTo === undefined) return String(-(2n ** 63n))
  return validTo === Number.POSITIVE_INFINITY ? '-1' : String(validTo)
}
