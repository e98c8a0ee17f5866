import { hasNameOf } from '../avro/resolution-rules.js'
import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroNamedSchema,
  type AvroRecord,
  type AvroSchema,
  isAvroNamed,
} from '../syntax/avro-schema.js'
import * as findings from './avro-findings.js'
import { AvroReads, branchesOf, sourcesOf } from './avro-reads.js'
import { asFarAsRead, type Finding, harmless, type SchemaChange } from './schema-change.js'

/** What has changed from one Avro schema to another. */
export function avroDiff(older: AvroSchema, newer: AvroSchema): SchemaChange[] {
  const diff = new AvroDiff()
  const path = isAvroNamed(newer) ? newer.name : newer.kind
  diff.compare(older, newer, { path, backward: true, forward: true })
  return diff.changes
}

/** Where a part of the schemas is, and whether readers of the newer and of the older one depend on it. */
interface Place {
  readonly path: string
  readonly backward: boolean
  readonly forward: boolean
}

const within = (place: Place, path: string): Place => ({ ...place, path: `${place.path}${path}` })

class AvroDiff {
  readonly changes: SchemaChange[] = []
  private readonly resolution = new AvroReads()
  private readonly compared = new Set<string>()
  private readonly numbers = new Map<AvroSchema, number>()

  compare(older: AvroSchema, newer: AvroSchema, place: Place): void {
    if (this.wasCompared(older, newer, place)) return
    if (older.kind === 'union' || newer.kind === 'union') {
      this.compareUnions(older, newer, place)
    } else if (older.kind === 'array' && newer.kind === 'array') {
      this.compare(older.items, newer.items, within(place, '[]'))
    } else if (older.kind === 'map' && newer.kind === 'map') {
      this.compare(older.values, newer.values, within(place, '{}'))
    } else if (older.kind !== newer.kind) {
      const { resolution } = this
      const [backward, forward] = [resolution.reads(newer, older), resolution.reads(older, newer)]
      this.tell(place, findings.changedType(older, newer, backward, forward))
    } else {
      if (isAvroNamed(older)) this.compareNamed(older, newer as AvroNamedSchema, place)
      this.tell(place, ...findings.changedLogicalType(older, newer))
    }
  }

  private tell({ path, ...depends }: Place, ...found: readonly Finding[]): void {
    for (const each of found) this.changes.push({ path, ...asFarAsRead(each, depends) })
  }

  /** A type that is used in several places is told of once, where readers depend on it in the same way. */
  private wasCompared(older: AvroSchema, newer: AvroSchema, { backward, forward }: Place): boolean {
    if (!isAvroNamed(older) || !isAvroNamed(newer)) return false
    const pair = `${this.numberOf(older)} ${this.numberOf(newer)}`
    const asHere = `${pair} ${backward} ${forward}`
    const known = this.compared.has(`${pair} true true`) || this.compared.has(asHere)
    this.compared.add(asHere)
    return known
  }

  private numberOf(schema: AvroSchema): number {
    const number = this.numbers.get(schema) ?? this.numbers.size
    this.numbers.set(schema, number)
    return number
  }

  private compareUnions(older: AvroSchema, newer: AvroSchema, place: Place): void {
    const { resolution } = this
    const added = [...branchesOf(newer)]
    const removed = branchesOf(older).filter((branch) => {
      const [same] = added.splice(indexOfSame(branch, added), 1)
      if (same === undefined) return true
      this.compare(branch, same, {
        path: place.path,
        // Where another branch does, it does not depend on this one.
        backward: place.backward && !resolution.reads(newer, branch),
        forward: place.forward && !resolution.reads(older, same),
      })
      return false
    })
    const [was, is] = [removed[0], added[0]]
    if (was !== undefined && is !== undefined && removed.length + added.length === 2) {
      const [backward, forward] = [resolution.reads(newer, was), resolution.reads(older, is)]
      if (backward || forward) {
        this.tell(place, findings.changedType(was, is, backward, forward))
        return
      }
    }
    for (const each of removed)
      this.tell(place, findings.removedBranch(each, newer, resolution.reads(newer, each)))
    for (const each of added)
      this.tell(place, findings.addedBranch(each, older, resolution.reads(older, each)))
  }

  private compareNamed(older: AvroNamedSchema, newer: AvroNamedSchema, place: Place): void {
    this.tell(
      place,
      ...findings.changedName(older, newer),
      ...findings.changedDoc(older.doc, newer.doc),
      ...findings.changedAliases(older.aliases, newer.aliases, newer.fullName),
    )
    if (older.kind === 'record') this.compareFields(older, newer as AvroRecord, place)
    if (older.kind === 'enum') this.tell(place, ...findings.changedSymbols(older, newer as AvroEnum))
    if (older.kind === 'fixed') this.tell(place, ...findings.changedSize(older, newer as AvroFixed))
  }

  private compareFields(older: AvroRecord, newer: AvroRecord, place: Place): void {
    const pairs = pairsOf(older, newer)
    const removed = older.fields.filter((field) => ![...pairs.values()].includes(field))
    for (const field of newer.fields) {
      const at = within(place, `.${field.name}`)
      const was = pairs.get(field)
      if (was !== undefined) this.compareField(was, field, older, newer, at)
      else {
        const renamed = removed.find(({ type }) => this.resolution.reads(field.type, type))
        const ambiguous = findings.ambiguousField(field, undefined, older, 'new')
        this.tell(at, ...(ambiguous.length > 0 ? ambiguous : [findings.addedField(field, renamed)]))
      }
    }
    for (const field of removed) {
      const ambiguous = findings.ambiguousField(field, undefined, newer, 'old')
      const found = ambiguous.length > 0 ? ambiguous : [findings.removedField(field)]
      this.tell(within(place, `.${field.name}`), ...found)
    }
    if (isReordered(older, newer, pairs)) {
      const why = 'fields are found by name, wherever they stand'
      this.tell(place, harmless('order-changed', 'fields in another order', why))
    }
  }

  private compareField(
    was: AvroField,
    is: AvroField,
    older: AvroRecord,
    newer: AvroRecord,
    place: Place,
  ): void {
    this.tell(
      place,
      ...findings.renamedField(was, is),
      ...findings.ambiguousField(is, was, older, 'new'),
      ...findings.ambiguousField(was, is, newer, 'old'),
    )
    this.compare(was.type, is.type, {
      path: place.path,
      backward: place.backward && sourcesOf(is, older).includes(was),
      forward: place.forward && sourcesOf(was, newer).includes(is),
    })
    const aliases = is.aliases.filter((alias) => alias !== was.name)
    this.tell(
      place,
      ...findings.changedDefault(was.default, is.default),
      ...findings.changedDoc(was.doc, is.doc),
      ...findings.changedAliases(was.aliases, aliases, is.name),
    )
    if (was.order !== is.order) {
      const why = 'the order in which values are sorted has no part in reading'
      this.tell(place, harmless('order-changed', `order ${was.order} to ${is.order}`, why))
    }
  }
}

/** The branch that is the same one; behind the end: none is. */
function indexOfSame(branch: AvroSchema, others: readonly AvroSchema[]): number {
  const isNamed = isAvroNamed(branch)
  const exact = others.findIndex((each) =>
    isNamed && isAvroNamed(each) ? each.fullName === branch.fullName : each.kind === branch.kind,
  )
  const index =
    exact >= 0 || !isNamed
      ? exact
      : others.findIndex(
          (each) =>
            isAvroNamed(each) &&
            each.kind === branch.kind &&
            (hasNameOf(each, branch) || hasNameOf(branch, each)),
        )
  return index < 0 ? others.length : index
}

/** For the fields of the newer record the ones of the older that they were: by name, else by an alias. */
function pairsOf(older: AvroRecord, newer: AvroRecord): Map<AvroField, AvroField> {
  const pairs = new Map<AvroField, AvroField>()
  const pair = (isSame: (was: AvroField, is: AvroField) => boolean): void => {
    const taken = new Set(pairs.values())
    for (const is of newer.fields) {
      const was = older.fields.find((field) => !taken.has(field) && isSame(field, is))
      if (was === undefined || pairs.has(is)) continue
      pairs.set(is, was)
      taken.add(was)
    }
  }
  pair((was, is) => was.name === is.name)
  pair((was, is) => is.aliases.includes(was.name))
  pair((was, is) => was.aliases.includes(is.name))
  return pairs
}

function isReordered(older: AvroRecord, newer: AvroRecord, pairs: Map<AvroField, AvroField>): boolean {
  const places = newer.fields.flatMap((field) => {
    const was = pairs.get(field)
    return was === undefined ? [] : [older.fields.indexOf(was)]
  })
  return places.some((place, index) => index > 0 && place < places[index - 1]!)
}
