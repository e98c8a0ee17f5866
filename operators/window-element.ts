import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeOptional, serializeSized } from '../src/serdes/sized-fields.js'

/** Some elements of a key, which have come to one window. */
export interface ElementGroup<K> {
  readonly key: K
  readonly group: number
}

/** The place of an element: those of a group lie in the order in which they came. */
export interface ElementKey<K> extends ElementGroup<K> {
  /** Counts the elements of the key. */
  readonly number: number
}

/** What is stored of an element beside its place and its timestamp. */
export interface ElementValue<V> {
  readonly value: V
}

/** What the row of windows has of the elements of one: where they are. */
export interface PaneElements {
  readonly groups: readonly number[]
  /** Greater than the number of each. */
  readonly next: number
}

class ElementKeySerde<K> implements Serde<ElementKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<K>) {
    this.name = `element(${inner.name})`
    this.parts = [inner]
  }

  serialize(element: ElementKey<K>, target: ByteWriter): void {
    writeGroup(element, this.inner, target)
    target.writeInt64(element.number)
  }

  deserialize(source: Buffer, start: number, end: number): ElementKey<K> {
    const reader = new SizedReader(source, start, end, this.name)
    return { key: reader.value(this.inner), group: reader.int64(), number: reader.int64() }
  }
}

function writeGroup<K>({ key, group }: ElementGroup<K>, inner: Serde<K>, target: ByteWriter): void {
  serializeSized(inner, key, target)
  target.writeInt64(group)
}

/** Key behind its length (4 bytes), group (8) and number (8). */
export const elementKey = <K>(key: Serde<K>): Serde<ElementKey<K>> => new ElementKeySerde(key)

/** What the keys of the elements of a group begin with. */
export const elementGroup = <K>(key: Serde<K>): Serde<ElementGroup<K>> => ({
  name: `elementGroup(${key.name})`,
  parts: [key],
  serialize: (group, target) => writeGroup(group, key, target),
  deserialize: () => {
    throw new Error('groups of elements are not read')
  },
})

/** Whether there is a value (1 byte), and it behind its length. */
export const elementValue = <V>(value: Serde<V>): Serde<ElementValue<V | null>> => ({
  name: `element(${value.name})`,
  parts: [value],
  serialize: ({ value: held }, target) => serializeOptional(value, held, target),
  deserialize: (source, start, end) => ({
    value: new SizedReader(source, start, end, `element(${value.name})`).optional(value),
  }),
})

/** The next number (8 bytes) and each group (8). */
export const paneElements: Serde<PaneElements> = {
  name: 'elements',
  serialize: ({ groups, next }, target) => {
    target.writeInt64(next)
    for (const group of groups) target.writeInt64(group)
  },
  deserialize: (source, start, end) => {
    const reader = new SizedReader(source, start, end, 'elements')
    const next = reader.int64()
    return { next, groups: Array.from({ length: (end - reader.at) / 8 }, () => reader.int64()) }
  },
}
