import type {
  ProtobufCardinality,
  ProtobufEnum,
  ProtobufField,
  ProtobufMessage,
} from '../syntax/protobuf-syntax.js'
import { type Finding, harmless, reasonOf } from './schema-change.js'

export function changedPackage(older: string, newer: string): Finding[] {
  if (older === newer) return []
  const why =
    'the bytes do not have the package, but readers that look for the message by its full name, as those of Millrace do, ' +
    'do not find it'
  const what = `package ${older || '(none)'} to ${newer || '(none)'}`
  return [{ kind: 'namespace-changed', what, backward: false, forward: false, why }]
}

export const changedDoc = (older: string | undefined, newer: string | undefined): Finding[] =>
  older === newer ? [] : [harmless('doc-changed', 'comment changed', 'comments have no part in reading')]

/** @param mayBeRecord whether records may be of it, rather than fields of other messages only */
export const addedMessage = ({ name }: ProtobufMessage, mayBeRecord: boolean): Finding => ({
  kind: 'type-added',
  what: 'message added',
  backward: true,
  forward: !mayBeRecord,
  why: mayBeRecord
    ? `readers of the old schema do not know ${name} and cannot read records that are one`
    : 'readers of the old schema skip the fields that have it',
})

export const removedMessage = ({ name }: ProtobufMessage, mayBeRecord: boolean): Finding => ({
  kind: 'type-removed',
  what: 'message removed',
  backward: !mayBeRecord,
  forward: true,
  why: mayBeRecord
    ? `readers of the new schema do not know ${name} and cannot read old records that are one`
    : 'what has become of the fields that had it is told where they are',
})

export function addedField({ number, cardinality, name }: ProtobufField, older: ProtobufMessage): Finding {
  if (older.isReserved(number)) {
    const why = `a former field had the number ${number}, and its values would be read as ${name}: take a number that was never used`
    const what = `field added with number ${number}, which was reserved`
    return { kind: 'field-added', what, backward: false, forward: true, why }
  }
  if (cardinality === 'required') {
    const why = `old records have no ${name}, and readers of the new schema refuse them: make it optional`
    return { kind: 'field-added', what: 'required field added', backward: false, forward: true, why }
  }
  const why = 'readers of the new schema find it absent in old records, and readers of the old schema skip it'
  return harmless('field-added', `field added with number ${number}`, why)
}

export function removedField({ number, name, cardinality }: ProtobufField, newer: ProtobufMessage): Finding {
  const what = `field removed${cardinality === 'required' ? ' that was required' : ''}, number ${number}`
  if (cardinality === 'required') {
    const why = `readers of the old schema refuse new records without ${name}`
    return { kind: 'field-removed', what, backward: true, forward: false, why }
  }
  const isReserved = newer.isReserved(number) && newer.isReserved(name)
  return isReserved
    ? harmless('field-removed', `${what} reserved`, 'readers of either schema find it absent, or skip it')
    : harmless(
        'field-removed',
        `${what} not reserved`,
        `readers of either schema find it absent, or skip it; write \`reserved ${number};\` and \`reserved "${name}";\` so that ` +
          'neither gets another meaning',
      )
}

export const renumberedField = (was: ProtobufField, is: ProtobufField): Finding => ({
  kind: 'field-renumbered',
  what: `number ${was.number} to ${is.number}`,
  backward: false,
  forward: false,
  why: `fields are known by their numbers: readers find ${is.name} absent where it was written under the other one`,
})

export const renamedField = (was: ProtobufField, is: ProtobufField): Finding[] =>
  was.name === is.name
    ? []
    : [
        harmless(
          'field-renamed',
          `field renamed from ${was.name}`,
          `fields are known by their numbers; in JSON and in code ${was.name} is now ${is.name}`,
        ),
      ]

/** Scalars that are written alike, by Protobuf's language guide; an enum is like an int32. */
const WRITTEN_ALIKE = [
  ['int32', 'uint32', 'int64', 'uint64', 'bool', 'enum'],
  ['sint32', 'sint64'],
  ['fixed32', 'sfixed32'],
  ['fixed64', 'sfixed64'],
  ['string', 'bytes'],
]

/** @param compareMessages what it does that one message has become the other */
export function changedType(
  was: ProtobufField,
  is: ProtobufField,
  compareMessages: () => { backward: boolean; forward: boolean },
): Finding[] {
  const what = `${typeLabel(was)} to ${typeLabel(is)}`
  const sameKind = was.type.kind === is.type.kind && was.keyType === is.keyType
  if (sameKind && was.type.name === is.type.name && was.isDelimited === is.isDelimited) return []
  if (sameKind && was.type.kind === 'message' && was.isDelimited === is.isDelimited) {
    const verdict = compareMessages()
    const why = reasonOf(verdict.backward, verdict.forward, {
      both: 'a field does not have the name of its message in it, and the fields of both can be read as each other’s',
      backward: 'readers of the old schema cannot read all fields of the new message as those of the old one',
      forward: 'readers of the new schema cannot read all fields of the old message as those of the new one',
      neither: 'the fields of neither message can be read as those of the other',
    })
    return [{ kind: 'type-changed', what, ...verdict, why }]
  }
  const alike = was.keyType === is.keyType && areAlike(was, is)
  const why = alike
    ? 'both are written alike; what the narrower one cannot hold is cut off or refused'
    : 'they are written otherwise, and neither can be read as the other: add a field of another name and number instead'
  return [{ kind: 'type-changed', what, backward: alike, forward: alike, why }]
}

const groupOf = ({ type }: ProtobufField): string[] | undefined =>
  WRITTEN_ALIKE.find((group) => group.includes(type.kind === 'enum' ? 'enum' : type.name))

const areAlike = (was: ProtobufField, is: ProtobufField): boolean =>
  was.type.kind !== 'message' &&
  is.type.kind !== 'message' &&
  groupOf(was) !== undefined &&
  groupOf(was) === groupOf(is)

const typeLabel = ({ type, keyType }: ProtobufField): string =>
  keyType === undefined ? type.name : `map<${keyType}, ${type.name}>`

const isSingle = (cardinality: ProtobufCardinality): boolean =>
  cardinality !== 'repeated' && cardinality !== 'map'

/** Whether a value tells its own length, so that several of them are not packed into one piece. */
const hasLength = ({ type }: ProtobufField): boolean =>
  type.kind === 'message' || type.name === 'string' || type.name === 'bytes'

export function changedCardinality(was: ProtobufField, is: ProtobufField): Finding[] {
  const [from, to] = [was.cardinality, is.cardinality]
  if (from === to) return []
  const what = `${cardinalityLabel(from)} to ${cardinalityLabel(to)}`
  if (from === 'map' || to === 'map') {
    const why = 'entries of a map are read as nothing else'
    return [{ kind: 'cardinality-changed', what, backward: false, forward: false, why }]
  }
  if (isSingle(from) !== isSingle(to)) return [changedNumber(was, is, what)]
  if (from !== 'required' && to !== 'required') {
    const why = 'the bytes are the same; only whether zero and absent can be told apart is not'
    return [harmless('cardinality-changed', what, why)]
  }
  const [backward, forward] = [to !== 'required', from !== 'required']
  const why = backward
    ? `readers of the old schema refuse new records without ${is.name}`
    : `readers of the new schema refuse old records without ${is.name}`
  return [{ kind: 'cardinality-changed', what, backward, forward, why }]
}

function changedNumber(was: ProtobufField, is: ProtobufField, what: string): Finding {
  const becomesMany = isSingle(was.cardinality)
  const safe = hasLength(becomesMany ? is : was)
  const [single, many] = becomesMany ? ['old', 'new'] : ['new', 'old']
  const why = safe
    ? `readers of the ${single} schema take the last of several values`
    : `several numbers are packed into one piece, which readers of the ${single} schema cannot read as one number of the ${many}`
  return {
    kind: 'cardinality-changed',
    what,
    backward: becomesMany || safe,
    forward: !becomesMany || safe,
    why,
  }
}

const cardinalityLabel = (cardinality: ProtobufCardinality): string =>
  cardinality === 'implicit' ? 'without presence' : cardinality === 'explicit' ? 'optional' : cardinality

export function changedOneof(
  was: ProtobufField,
  is: ProtobufField,
  older: ProtobufMessage,
  newer: ProtobufMessage,
): Finding[] {
  if (was.oneof === is.oneof) return []
  const what = `${oneofLabel(was.oneof)} to ${oneofLabel(is.oneof)}`
  // Two that could be there together before exclude each other now, or the other way round.
  const backward = !others(is, newer, older).some(
    (other) => other.oneof === undefined || other.oneof !== was.oneof,
  )
  const forward = !others(was, older, newer).some(
    (other) => other.oneof === undefined || other.oneof !== is.oneof,
  )
  const why = reasonOf(backward, forward, {
    both: 'no two fields that could be there together exclude each other now',
    backward: 'new records may have it beside others that readers of the old schema take one of only',
    forward: 'old records may have it beside others that readers of the new schema take one of only',
    neither: 'records of each may have it beside fields that readers of the other take one of only',
  })
  return [{ kind: 'field-moved', what, backward, forward, why }]
}

const oneofLabel = (oneof: string | undefined): string =>
  oneof === undefined ? 'no oneof' : `oneof ${oneof}`

/** The fields beside one in its oneof, as the other message has them. */
const others = (field: ProtobufField, message: ProtobufMessage, other: ProtobufMessage): ProtobufField[] =>
  field.oneof === undefined
    ? []
    : message.fields
        .filter(({ oneof, number }) => oneof === field.oneof && number !== field.number)
        .flatMap(({ number }) => other.fields.filter((each) => each.number === number))

/** What has changed in an enum, with the name of the value. */
export function changedEnum(older: ProtobufEnum, newer: ProtobufEnum): [value: string, finding: Finding][] {
  const found: [string, Finding][] = []
  for (const { name, number, doc } of newer.values) {
    const sameName = older.values.find((each) => each.name === name)
    const sameNumber = older.values.find((each) => each.number === number)
    if (sameName !== undefined && sameName.number !== number) {
      const why = `values are known by their numbers: ${name} of one schema is read as what has its number in the other`
      const what = `number ${sameName.number} to ${number}`
      found.push([name, { kind: 'enum-symbol-changed', what, backward: false, forward: false, why }])
    } else if (
      sameName === undefined &&
      sameNumber !== undefined &&
      !newer.values.some((each) => each.name === sameNumber.name)
    ) {
      const why = `values are known by their numbers; in JSON and in code ${sameNumber.name} is now ${name}`
      found.push([name, harmless('enum-symbol-changed', `renamed from ${sameNumber.name}`, why)])
    } else if (sameName === undefined) {
      const why = 'readers of the old schema take it as its number, without a name'
      found.push([name, harmless('enum-symbol-added', `value added with number ${number}`, why)])
    } else if (sameName.doc !== doc) {
      found.push([name, changedDoc(sameName.doc, doc)[0]!])
    }
  }
  for (const { name, number } of older.values) {
    const isThere = newer.values.some((each) => each.name === name || each.number === number)
    if (!isThere) {
      const hint = newer.isReserved(number)
        ? ''
        : `; write \`reserved ${number};\` so that it gets no other meaning`
      const why = `readers of the new schema take it as its number, without a name${hint}`
      found.push([name, harmless('enum-symbol-removed', `value removed, number ${number}`, why)])
    }
  }
  return found
}
