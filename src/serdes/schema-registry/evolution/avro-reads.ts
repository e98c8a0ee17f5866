import { hasNameOf } from '../avro/resolution-rules.js'
import type { AvroField, AvroRecord, AvroSchema, AvroUnion } from '../syntax/avro-schema.js'

/** What numbers, and bytes, may be read as ("Schema Resolution" of the Avro specification). */
const PROMOTIONS: Readonly<Partial<Record<AvroSchema['kind'], readonly AvroSchema['kind'][]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/** The branches of a union; anything else is like a union of one. */
export const branchesOf = (schema: AvroSchema): AvroUnion['branches'] =>
  schema.kind === 'union' ? schema.branches : [schema]

/** The fields of the writer's record from which a field of the reader's is read; more than one is an error. */
export const sourcesOf = (field: AvroField, writer: AvroRecord): AvroField[] =>
  writer.fields.filter(({ name }) => name === field.name || field.aliases.includes(name))

/** Whether what was written with one Avro schema can be read with another one, as the specification has it. */
export class AvroReads {
  /** Pairs of which it is known that they cannot; schemas may contain themselves, so all others may. */
  private readonly refused = new Map<AvroSchema, Set<AvroSchema>>()

  reads(reader: AvroSchema, writer: AvroSchema): boolean {
    for (;;) {
      const round = new Round(this.refused)
      const answer = round.reads(reader, writer)
      // What was taken for granted may have turned out wrong behind it.
      if (!round.learned) return answer
    }
  }
}

/** A look through two schemas, in which every pair is taken for readable until it is seen not to be. */
class Round {
  learned = false
  private readonly seen = new Map<AvroSchema, Set<AvroSchema>>()

  constructor(private readonly refused: Map<AvroSchema, Set<AvroSchema>>) {}

  reads(reader: AvroSchema, writer: AvroSchema): boolean {
    if (this.refused.get(reader)?.has(writer)) return false
    if (this.seen.get(reader)?.has(writer)) return true
    put(this.seen, reader, writer)
    const answer = this.resolves(reader, writer)
    if (!answer) {
      put(this.refused, reader, writer)
      this.learned = true
    }
    return answer
  }

  private resolves(reader: AvroSchema, writer: AvroSchema): boolean {
    if (reader.kind === 'union' || writer.kind === 'union') {
      return branchesOf(writer).every((each) => branchesOf(reader).some((branch) => this.reads(branch, each)))
    }
    if (reader.kind !== writer.kind) return PROMOTIONS[writer.kind]?.includes(reader.kind) ?? false
    switch (reader.kind) {
      case 'record':
        return (
          hasNameOf(reader, writer as AvroRecord) &&
          reader.fields.every((field) => this.readsField(field, writer as AvroRecord))
        )
      case 'enum': {
        const other = writer as typeof reader
        const known = other.symbols.every((symbol) => reader.symbols.includes(symbol))
        return hasNameOf(reader, other) && (known || reader.default !== undefined)
      }
      case 'fixed':
        return hasNameOf(reader, writer as typeof reader) && reader.size === (writer as typeof reader).size
      case 'array':
        return this.reads(reader.items, (writer as typeof reader).items)
      case 'map':
        return this.reads(reader.values, (writer as typeof reader).values)
      default:
        return true
    }
  }

  private readsField(field: AvroField, writer: AvroRecord): boolean {
    const [source, ...others] = sourcesOf(field, writer)
    if (source === undefined) return field.default !== undefined
    return others.length === 0 && this.reads(field.type, source.type)
  }
}

function put(pairs: Map<AvroSchema, Set<AvroSchema>>, reader: AvroSchema, writer: AvroSchema): void {
  const writers = pairs.get(reader)
  if (writers === undefined) pairs.set(reader, new Set([writer]))
  else writers.add(writer)
}
