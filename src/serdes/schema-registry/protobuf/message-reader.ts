import { ownProperty } from '../own-property.js'
import { FieldProblem, rethrowIn } from './field-problem.js'
import type { ValueReader } from './scalar-types.js'
import type { WireInput } from './wire-input.js'
import { END_GROUP, tagOf } from './wire-type.js'

export type Message = Record<string, unknown>

/** Reads what stands behind the tag of a field into a message. */
export interface FieldReader {
  /** The property. */
  readonly name: string
  read(input: WireInput, message: Message): void
}

/** Tags below are looked up in an array: those of the fields 1 to 127. */
const DENSE_TAGS = 1024
const NO_GROUP = 0

/** Reads messages of one type, as plain objects. Fields that the type does not have are passed over. */
export class MessageReader implements ValueReader {
  private readonly dense: (FieldReader | undefined)[] = []
  private readonly sparse = new Map<number, FieldReader>()
  private readonly numbers = new Set<number>()
  private readonly absent: Message = {}
  private readonly made: { readonly name: string; readonly make: () => unknown }[] = []
  private readonly required: string[] = []

  /** While the reader is made: a field, as it is behind a tag. */
  add(number: number, wireType: number, reader: FieldReader): void {
    this.numbers.add(number)
    const tag = tagOf(number, wireType)
    if (tag >= DENSE_TAGS) {
      this.sparse.set(tag, reader)
      return
    }
    while (this.dense.length <= tag) this.dense.push(undefined)
    this.dense[tag] = reader
  }

  /** While the reader is made: what a field is where nothing is written. */
  addAbsent(name: string, value: unknown): void {
    this.absent[name] = value
  }

  /** As {@link addAbsent}, for what may be changed: it is made for each message. */
  addMade(name: string, make: () => unknown): void {
    this.absent[name] = undefined
    this.made.push({ name, make })
  }

  addRequired(name: string): void {
    this.required.push(name)
  }

  /** Reads a message behind its length. */
  read(input: WireInput): Message {
    const message = this.empty()
    this.merge(input, message)
    return message
  }

  /** Reads a message behind its length into one that may have something already. */
  merge(input: WireInput, message: Message): void {
    const outer = input.enter()
    this.readFields(input, message, NO_GROUP)
    input.leave(outer)
  }

  /** As {@link merge}, for a message up to the end tag of a group. */
  mergeGroup(input: WireInput, message: Message, number: number): void {
    input.enterGroup()
    this.readFields(input, message, tagOf(number, END_GROUP))
    input.leaveGroup()
  }

  /** Reads a message that is all there is. */
  readAll(input: WireInput): Message {
    const message = this.empty()
    this.readFields(input, message, NO_GROUP)
    return message
  }

  /** A message of which nothing was written. */
  empty(): Message {
    const message = { ...this.absent }
    const { made } = this
    for (let index = 0; index < made.length; index++) {
      const { name, make } = made[index]!
      message[name] = make()
    }
    return message
  }

  private readFields(input: WireInput, message: Message, groupEnd: number): void {
    const ended = this.readUntil(input, message, groupEnd)
    if (groupEnd !== NO_GROUP && !ended) throw new FieldProblem('the bytes end in a group')
    this.requireFields(message)
  }

  /** Reads fields up to the tag or the end of the bytes; tells whether the tag came. */
  private readUntil(input: WireInput, message: Message, groupEnd: number): boolean {
    const { dense } = this
    let reader: FieldReader | undefined
    try {
      while (input.position < input.end) {
        reader = undefined
        const tag = input.tag()
        reader = tag < dense.length ? dense[tag] : this.sparse.get(tag)
        if (reader !== undefined) reader.read(input, message)
        else if (tag === groupEnd) return true
        else this.pass(input, tag)
      }
    } catch (error) {
      rethrowIn(error, reader?.name)
    }
    return false
  }

  /** Bytes that contradict the schema are refused; a field with another wire type is none that is merely unknown. */
  private pass(input: WireInput, tag: number): void {
    const number = tag >>> 3
    if (this.numbers.has(number)) throw new FieldProblem(`field ${number} has the wire type ${tag & 7}`)
    input.skip(tag)
  }

  private requireFields(message: Message): void {
    const { required } = this
    for (let index = 0; index < required.length; index++) {
      const name = required[index]!
      if (ownProperty(message, name) === undefined)
        throw new FieldProblem(`required field ${name} is missing`)
    }
  }
}
