import { COMPATIBILITIES, type Compatibility } from '../compatibility.js'
import { InvalidSchemaError } from '../registry-errors.js'
import type { CompatibilityAnswer } from '../schema-registry.js'
import type { SchemaReference, SchemaText, SchemaType, SchemaVersion } from '../schema-text.js'
import { type Reply, unexpected } from './registry-http.js'

/** Ids and versions are 32-bit integers with a sign, and never negative. */
const MAX_INT32 = 2 ** 31 - 1
const TYPES: readonly unknown[] = ['AVRO', 'JSON', 'PROTOBUF'] satisfies SchemaType[]

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isInt32 = (value: unknown, min: number): value is number =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= MAX_INT32

/** The object in the answer; what it is missing in is for the reader to say. */
const fieldsOf = (reply: Reply): Fields => {
  if (!reply.refused && isFields(reply.body)) return reply.body
  throw unexpected(reply)
}

const referenceOf = (value: unknown): SchemaReference | undefined => {
  if (!isFields(value)) return undefined
  const { name, subject, version } = value
  // What is not well-formed goes into no path.
  if (typeof name !== 'string' || typeof subject !== 'string' || !subject.isWellFormed()) return undefined
  if (!isInt32(version, 1)) return undefined
  return { name, subject, version }
}

const referencesOf = (reply: Reply, value: unknown): readonly SchemaReference[] => {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw unexpected(reply)
  return value.map((each) => {
    const reference = referenceOf(each)
    if (reference === undefined) throw unexpected(reply)
    return reference
  })
}

/**
 * The schema in an answer.
 *
 * @param shown which one, for people
 * @throws {InvalidSchemaError} if it is in a language that is none of ours
 */
export const schemaTextIn = (reply: Reply, shown: string): SchemaText => {
  const { schema, schemaType, references } = fieldsOf(reply)
  if (typeof schema !== 'string') throw unexpected(reply)
  // Absent in answers of servers that knew Avro only, and still for Avro.
  const type = schemaType ?? 'AVRO'
  if (typeof type !== 'string') throw unexpected(reply)
  if (!TYPES.includes(type)) {
    throw new InvalidSchemaError(shown, `is in the language ${type}, not in one of ${TYPES.join(', ')}`)
  }
  const found = referencesOf(reply, references)
  return { type: type as SchemaType, schema, ...(found.length > 0 && { references: found }) }
}

export const idIn = (reply: Reply): number => {
  const { id } = fieldsOf(reply)
  if (!isInt32(id, 0)) throw unexpected(reply)
  return id
}

export const schemaVersionIn = (reply: Reply, subject: string): SchemaVersion => {
  const { version } = fieldsOf(reply)
  if (!isInt32(version, 1)) throw unexpected(reply)
  const text = schemaTextIn(reply, `version ${version} of subject ${subject}`)
  return { ...text, id: idIn(reply), subject, version }
}

export const versionNumbersIn = (reply: Reply): readonly number[] => {
  if (reply.refused || !Array.isArray(reply.body)) throw unexpected(reply)
  if (!reply.body.every((version) => isInt32(version, 1))) throw unexpected(reply)
  return reply.body.sort((left, right) => left - right)
}

export const compatibilityIn = (reply: Reply): Compatibility => {
  const fields = fieldsOf(reply)
  // `compatibility` is what servers before 4.0 answered, and what is answered when it is set.
  const level = fields.compatibilityLevel ?? fields.compatibility
  const compatibility = COMPATIBILITIES.find((each) => each === level)
  if (compatibility === undefined) throw unexpected(reply)
  return compatibility
}

/** The class of Java that Apicurio puts before a message. */
const javaClass = /^(?:[a-z]\w*\.)+[A-Z]\w*: /

export const plainMessage = (message: string): string => message.replace(javaClass, '')

/** Confluent has a list of `messages`, Apicurio one `reason`. */
export const compatibilityAnswerIn = (reply: Reply): CompatibilityAnswer => {
  const { is_compatible: compatible, messages, reason } = fieldsOf(reply)
  if (typeof compatible !== 'boolean') throw unexpected(reply)
  const said: readonly unknown[] = Array.isArray(messages) ? messages : [reason]
  return {
    compatible,
    messages: said.filter((message) => typeof message === 'string').map(plainMessage),
  }
}
