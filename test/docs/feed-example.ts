import { KafkaStreams, type KafkaStreamsOptions, StreamsBuilder, string } from 'millrace'
import { subscribe } from 'millrace/feed-client'
import { feedRoutes, httpServer } from 'millrace/observe'

/** A worker: counts the words of sentences, and serves the counts at /feed/words. */
export async function serveWords(sentences: string, options: KafkaStreamsOptions) {
  const builder = new StreamsBuilder()
  builder
    .stream(sentences, { key: string(), value: string() })
    .flatMapValues((sentence) => sentence.split(' '))
    .groupBy((_, word) => word, { key: string(), value: string() })
    .count({ store: 'words' })
  const streams = new KafkaStreams(builder.build(), options)
  await streams.start()
  const server = await httpServer({ port: 0, routes: feedRoutes(streams, { stores: { words: {} } }) })
  return { streams, server }
}

/** A browser: the counts as soon as a word was counted so often. */
export async function whenCounted(feed: string, word: string, times: number) {
  const words = subscribe<string, number>(feed)
  for await (const rows of words) {
    if (words.get(word)?.value === times) return [...rows.values()]
  }
  return []
}
