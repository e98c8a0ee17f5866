/** The code of docs/from-kafka-streams.md, as it stands there. Compiled with the tests; nothing here runs. */
import {
  HoppingWindows,
  int64,
  JoinWindows,
  json,
  KafkaStreams,
  type KStream,
  type KTable,
  type ProcessorContext,
  Stores,
  type StreamsBuilder,
  Suppressed,
  string,
  type Topology,
} from 'millrace'
import { TopologyTestDriver } from 'millrace/testing'

interface Order {
  readonly customer: string
  readonly total: number
}

interface Customer {
  readonly name: string
}

export const sources = (builder: StreamsBuilder): void => {
  const orders = builder.stream('orders', {
    key: string(),
    value: json<Order>(),
    timestamp: (record) => record.timestamp,
    offsetReset: 'earliest',
    name: 'orders-source',
  })
  const customers = builder.table('customers', { key: string(), value: json<Customer>(), store: 'customers' })

  orders.to('copy', { name: 'copy-sink' })
  customers.toStream().to('customer-changes')
}

export const aggregation = (orders: KStream<string, Order>): void => {
  orders
    .groupBy((_, order) => order.customer, { key: string(), value: json<Order>(), name: 'by-customer' })
    .windowedBy(HoppingWindows.of('1h').advanceBy('10m').grace('5m'))
    .aggregate(
      () => 0,
      (_, order, sum) => sum + order.total,
      { store: 'sums', value: int64(), retention: '2h', caching: false },
    )
    .suppress(Suppressed.untilWindowCloses())
    .toStream()
}

export const joins = (
  orders: KStream<string, Order, 'key' | 'value'>,
  payments: KStream<string, number, 'key'>,
  customers: KTable<string, Customer>,
): void => {
  orders.join(payments, (order, paid) => ({ ...order, paid }), JoinWindows.of('1h').grace('10m'), {
    otherValue: int64(),
    name: 'paid-orders',
    store: 'paid-orders',
  })

  orders.toTable().join(
    customers,
    (order) => order.customer,
    (order, customer) => `${customer.name}: ${order.total}`,
  )
}

export const branches = (orders: KStream<string, Order, 'key' | 'value'>): void => {
  const { large, small } = orders
    .split({ name: 'by-size-' })
    .branch((_, order) => order.total > 100, { name: 'large' })
    .defaultBranch({ name: 'small' })

  large.merge(small).to('all')
}

export const processors = (orders: KStream<string, Order>): void => {
  const seen = Stores.keyValue('seen', { key: string(), value: int64() })
  orders.process(
    () => {
      let context: ProcessorContext<string, number>
      return {
        init(given: ProcessorContext<string, number>) {
          context = given
          context.schedule('1m', 'stream-time', () => context.commit())
        },
        process({ key, timestamp, headers }) {
          const store = context.store(seen)
          if (store.putIfAbsent(key, timestamp) === undefined)
            context.forward({ key, value: timestamp, timestamp, headers })
        },
      }
    },
    { stores: [seen] },
  )
}

export const lifecycle = async (topology: Topology): Promise<void> => {
  const streams = new KafkaStreams(topology, {
    applicationId: 'orders',
    brokers: ['localhost:9092'],
    processingGuarantee: 'exactly_once',
    deserializationExceptionHandler: 'continue',
  })
  streams.on('state', (state, before) => console.log(`${before} -> ${state}`))
  streams.on('error', (error) => console.error(error))
  await streams.start()
  const row = await streams.store<string, number>('counts').get('ann')
  await streams.close({ timeoutMs: 10_000 })

  console.log(row?.value)
}

export const testing = (topology: Topology): void => {
  using driver = new TopologyTestDriver(topology)
  const orders = driver.createInputTopic('orders', { key: string(), value: json<Order>() })
  const counts = driver.createOutputTopic('counts', { key: string(), value: int64() })
  orders.pipe('1', { customer: 'ann', total: 5 }, { timestamp: 1_000 })

  console.log(counts.readKeyValues(), driver.keyValueStore<string, number>('counts').get('ann'))
}
