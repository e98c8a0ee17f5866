import { int64, KafkaStreams, StreamsBuilder, string } from 'millrace'

const builder = new StreamsBuilder()
builder
  .stream('sentences', { key: string(), value: string() })
  .flatMapValues((sentence) => sentence.toLowerCase().split(' '))
  .groupBy((_, word) => word, { key: string(), value: string() })
  .count({ store: 'words' })
  .toStream()
  .to('word-counts', { value: int64() })

const streams = new KafkaStreams(builder.build(), {
  applicationId: 'word-count',
  brokers: ['localhost:9092'],
})
await streams.start()
process.once('SIGTERM', () => streams.close())
