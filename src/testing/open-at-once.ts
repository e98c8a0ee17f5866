import { openUses, type SerdeUses, topicSerdeUses } from '../runtime/serde-uses.js'
import { StreamsError } from '../runtime/streams-error.js'
import type { TopicSerdes } from './test-record.js'

/** What a driver calls the application: subjects of internal topics begin with it. */
export const TEST_APPLICATION = 'topology-test-driver'

/**
 * Makes serdes ready, which a driver has no time to wait for.
 *
 * @throws {StreamsError} `ASYNC_SERDE` if one is not ready at once
 */
export function openAtOnce(uses: SerdeUses): void {
  const opening = openUses(uses)
  if (opening === undefined) return
  // The refusal is the error; a rejection on top of it would end the process.
  Promise.resolve(opening).catch(() => undefined)
  const names = [...uses.keys()].map(({ name }) => name)
  throw new StreamsError(
    'ASYNC_SERDE',
    `a test driver does not wait for a schema registry: give serde ${names.join(', ')} an InMemorySchemaRegistry`,
  )
}

/** Makes the serdes ready that a test writes or reads a topic with. */
export const openTopicSerdes = <K, V>(
  { key, value }: TopicSerdes<K, V>,
  topic: string,
  access: 'read' | 'write',
): void => openAtOnce(topicSerdeUses(key, value, { topic, access }))
