import { shown } from '../serde-error.js'
import type { SerdeUse } from '../serde-use.js'
import { SubjectError } from './registry-errors.js'
import type { SubjectStrategy } from './subject-strategy.js'

/**
 * The subject that a schema has where it is used.
 *
 * @param recordName full name of what the schema describes; undefined: it has none
 * @throws {SubjectError} if it has none
 */
export function subjectOf(strategy: SubjectStrategy, use: SerdeUse, recordName: string | undefined): string {
  if (typeof strategy === 'function') return named(strategy(use, recordName))
  switch (strategy) {
    case 'topic-name':
      return `${topicOf(use, strategy)}-${use.part}`
    case 'record-name':
      return recordOf(recordName, strategy)
    case 'topic-record-name':
      return `${topicOf(use, strategy)}-${recordOf(recordName, strategy)}`
    default:
      throw new SubjectError(
        `subject: ${shown(strategy)} is not allowed: 'topic-name', 'record-name', 'topic-record-name' or a function`,
      )
  }
}

function named(subject: unknown): string {
  if (typeof subject === 'string' && subject !== '') return subject
  throw new SubjectError(`subject: the function gave ${shown(subject)}, which is no name`)
}

function topicOf({ topic, part }: SerdeUse, strategy: string): string {
  if (topic !== undefined) return topic
  throw new SubjectError(
    `subject '${strategy}' needs the name of the topic, and the topic of this ${part} is chosen for each record: ` +
      "use 'record-name', or a function",
  )
}

function recordOf(recordName: string | undefined, strategy: string): string {
  if (recordName !== undefined) return recordName
  throw new SubjectError(
    `subject '${strategy}' needs a schema with a name, and this one has none: use 'topic-name'`,
  )
}
