import { int64, StreamsBuilder, string } from 'millrace'

/** The words of a line, as Java's `split("\\W+")` gives them: what would be empty at the end is left out. */
const wordsOf = (line: string): string[] => {
  const parts = line.split(/\W+/)
  return line === '' ? parts : parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}

const builder = new StreamsBuilder()

/** Apache Kafka's WordCountDemo: how often each word has occurred in the lines of a topic. */
builder
  .stream<string | null, string>('streams-plaintext-input', { key: string(), value: string() })
  .flatMapValues((line) => wordsOf(line.toLowerCase()))
  .groupBy((_, word) => word, { key: string(), value: string() })
  .count()
  .toStream()
  .to('streams-wordcount-output', { key: string(), value: int64() })

export default builder.build()

const LINES = [
  'All streams lead to Kafka.',
  'Hello Kafka Streams',
  'Join the Kafka Summit!',
  '  The quick brown fox -- quick as a stream -- jumps over the lazy dog.',
  'To be, or not to be: that is the question.',
  'A stream of events is a table of changes, and a table of changes is a stream.',
  'Streams fork; streams join; every stream ends in the sea.',
  '...',
  '',
  '42 lines of 2 streams, read_committed',
]

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'streams-wordcount',
  input: LINES.map((value, line) => ({
    topic: 'streams-plaintext-input',
    key: null,
    value,
    timestamp: Date.UTC(2026, 0, 1, 12, 0, line),
  })),
  results: {
    topic: 'streams-wordcount-output',
    key: string(),
    value: int64(),
    fields: (word: string, count: number) => ({ word, count }),
    title: 'Most frequent words',
    row: 'word',
    columns: [{ title: 'count', field: 'count', combine: 'max' }],
  },
}
