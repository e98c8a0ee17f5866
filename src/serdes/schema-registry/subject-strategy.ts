import type { SerdeUse } from '../serde-use.js'

/**
 * How a subject is named, as in Confluent's clients:
 *
 * - `topic-name`: `TOPIC-key` or `TOPIC-value`; one schema evolves in a topic.
 * - `record-name`: the full name of the record; topics may have several, and all topics that have it agree.
 * - `topic-record-name`: `TOPIC-FULL_NAME`; a topic may have several, each evolves by itself.
 *
 * A function names it otherwise; `recordName` is undefined for a schema without name.
 */
export type SubjectStrategy =
  | 'topic-name'
  | 'record-name'
  | 'topic-record-name'
  | ((use: SerdeUse, recordName: string | undefined) => string)
