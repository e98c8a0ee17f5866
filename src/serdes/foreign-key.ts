import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SerdeError } from './serde-error.js'
import { LENGTH_BYTES, serializeSized } from './sized-fields.js'

/** The key of a subscription: what a row refers to, and which row it is. */
export interface CombinedKey<KO, K> {
  readonly foreignKey: KO
  readonly primaryKey: K
  /** The key of a {@link Bookmark}, behind all subscriptions. */
  readonly bookmark?: true
}

/**
 * What the right side of a foreign-key join does with a subscription, and what it answers:
 *
 * - `end`: forgets it
 * - `end-and-tell`: forgets it and answers that there is no row
 * - `tell`: keeps it and answers with the row, or that there is none
 * - `tell-if-found`: keeps it and answers if there is a row
 */
export type Instruction = (typeof INSTRUCTIONS)[number]

const INSTRUCTIONS = ['end', 'end-and-tell', 'tell', 'tell-if-found'] as const

/** What the left side of a foreign-key join sends to the partition of the row that one of its rows refers to. */
export interface Subscription<K> {
  readonly instruction: Instruction
  readonly primaryKey: K
  /** Partition of the left row: that of the answer. */
  readonly primaryPartition: number
  /** Hash of the left row's value; null: it was deleted. */
  readonly hash: string | null
}

/** Up to which subscriber a change of a row of the right table was told, where there are many. */
export interface Bookmark<VO> {
  readonly instruction: 'resume'
  /** What is being told. */
  readonly value: VO | null
}

/** What the right side answers. */
export interface SubscriptionAnswer<VO> {
  /** That of the subscription, so that answers to values that are outdated are known. */
  readonly hash: string | null
  /** The row of the right table; null: there is none. */
  readonly value: VO | null
  /** Where the answer goes; not part of it. */
  readonly primaryPartition: number
}

const HASH_BYTES = 16
/** Version of subscriptions and answers: in topics, and of subscriptions in stores. */
const VERSION = 1

/** In the place of an instruction. */
const RESUME = 255
/** In the place of the length of a foreign key. */
const BOOKMARK = -1

/** Flags of what follows. */
const HAS_HASH = 1
const HAS_VALUE = 2

/** The foreign key comes first with its length, so that the subscriptions to a row lie together. */
class ForeignKeyPrefixSerde<KO> implements Serde<KO> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly foreignKey: Serde<KO>) {
    this.name = `foreignKey(${foreignKey.name})`
    this.parts = [foreignKey]
  }

  serialize(foreignKey: KO, target: ByteWriter): void {
    serializeSized(this.foreignKey, foreignKey, target)
  }

  deserialize(source: Buffer, start: number): KO {
    return this.foreignKey.deserialize(source, start + LENGTH_BYTES, this.endOf(source, start))
  }

  /** Where the foreign key in `source` ends. */
  endOf(source: Buffer, start: number): number {
    return start + LENGTH_BYTES + source.readInt32BE(start)
  }
}

class CombinedKeySerde<KO, K> implements Serde<CombinedKey<KO, K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  private readonly prefix: ForeignKeyPrefixSerde<KO>

  constructor(
    foreignKey: Serde<KO>,
    private readonly primaryKey: Serde<K>,
  ) {
    this.name = `combinedKey(${foreignKey.name}, ${primaryKey.name})`
    this.parts = [foreignKey, primaryKey]
    this.prefix = new ForeignKeyPrefixSerde(foreignKey)
  }

  serialize({ foreignKey, primaryKey, bookmark }: CombinedKey<KO, K>, target: ByteWriter): void {
    if (bookmark === true) target.writeInt32(BOOKMARK)
    this.prefix.serialize(foreignKey, target)
    this.primaryKey.serialize(primaryKey, target)
  }

  deserialize(source: Buffer, start: number, end: number): CombinedKey<KO, K> {
    if (end - start > LENGTH_BYTES && source.readInt32BE(start) === BOOKMARK) {
      return { ...this.deserialize(source, start + LENGTH_BYTES, end), bookmark: true }
    }
    const middle = end - start < LENGTH_BYTES ? end + 1 : this.prefix.endOf(source, start)
    if (middle < start || middle > end) throw new SerdeError(this.name, 'the bytes are no two keys')
    return {
      foreignKey: this.prefix.deserialize(source, start),
      primaryKey: this.primaryKey.deserialize(source, middle, end),
    }
  }
}

/** Keys of the store of subscriptions. */
export const combinedKey = <KO, K>(foreignKey: Serde<KO>, primaryKey: Serde<K>): Serde<CombinedKey<KO, K>> =>
  new CombinedKeySerde(foreignKey, primaryKey)

/** What the combined keys of a foreign key begin with. */
export const foreignKeyPrefix = <KO>(foreignKey: Serde<KO>): Serde<KO> =>
  new ForeignKeyPrefixSerde(foreignKey)

/** What the keys of all bookmarks begin with. */
export const bookmarkPrefix: Serde<undefined> = {
  name: 'bookmark',
  serialize: (_, target) => target.writeInt32(BOOKMARK),
  deserialize: () => undefined,
}

/*
 * Version (1), instruction (1), flags (1), partition (4), hash (16) if there is one, primary key.
 */
class SubscriptionSerde<K> implements Serde<Subscription<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly primaryKey: Serde<K>) {
    this.name = `subscription(${primaryKey.name})`
    this.parts = [primaryKey]
  }

  serialize({ instruction, primaryKey, primaryPartition, hash }: Subscription<K>, target: ByteWriter): void {
    target.writeInt8(VERSION)
    target.writeInt8(INSTRUCTIONS.indexOf(instruction))
    target.writeInt8(hash === null ? 0 : HAS_HASH)
    target.writeInt32(primaryPartition)
    if (hash !== null) writeHash(hash, target)
    this.primaryKey.serialize(primaryKey, target)
  }

  deserialize(source: Buffer, start: number, end: number): Subscription<K> {
    requireVersion(this.name, source, start, end)
    const hasHash = (source[start + 2]! & HAS_HASH) !== 0
    const hashStart = start + 3 + 4
    const keyStart = hasHash ? hashStart + HASH_BYTES : hashStart
    const instruction = INSTRUCTIONS[source[start + 1]!]
    if (keyStart > end || instruction === undefined) {
      throw new SerdeError(this.name, 'the bytes are no subscription')
    }
    return {
      instruction,
      primaryKey: this.primaryKey.deserialize(source, keyStart, end),
      primaryPartition: source.readInt32BE(start + 3),
      hash: hasHash ? source.toString('latin1', hashStart, keyStart) : null,
    }
  }
}

/** What goes through the subscription topic. */
export const subscription = <K>(primaryKey: Serde<K>): Serde<Subscription<K>> =>
  new SubscriptionSerde(primaryKey)

/** Subscriptions, and bookmarks: version (1), {@link RESUME} (1), flags (1), value if there is one. */
class SubscriptionRowSerde<K, VO> implements Serde<Subscription<K> | Bookmark<VO>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  private readonly subscription: Serde<Subscription<K>>

  constructor(
    primaryKey: Serde<K>,
    private readonly value: Serde<VO>,
  ) {
    this.subscription = subscription(primaryKey)
    this.name = `subscriptionRow(${primaryKey.name}, ${value.name})`
    this.parts = [primaryKey, value]
  }

  serialize(row: Subscription<K> | Bookmark<VO>, target: ByteWriter): void {
    if (row.instruction !== 'resume') {
      this.subscription.serialize(row, target)
      return
    }
    target.writeInt8(VERSION)
    target.writeInt8(RESUME)
    target.writeInt8(row.value === null ? 0 : HAS_VALUE)
    if (row.value !== null) this.value.serialize(row.value, target)
  }

  deserialize(source: Buffer, start: number, end: number): Subscription<K> | Bookmark<VO> {
    if (source[start + 1] !== RESUME) return this.subscription.deserialize(source, start, end)
    requireVersion(this.name, source, start, end)
    const hasValue = (source[start + 2]! & HAS_VALUE) !== 0
    return { instruction: 'resume', value: hasValue ? this.value.deserialize(source, start + 3, end) : null }
  }
}

/** What lies in the store of subscriptions. */
export const subscriptionRow = <K, VO>(
  primaryKey: Serde<K>,
  value: Serde<VO>,
): Serde<Subscription<K> | Bookmark<VO>> => new SubscriptionRowSerde(primaryKey, value)

/*
 * Version (1), flags (1), hash (16) if there is one, value if there is one.
 */
class SubscriptionAnswerSerde<VO> implements Serde<SubscriptionAnswer<VO>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly value: Serde<VO>) {
    this.name = `subscriptionAnswer(${value.name})`
    this.parts = [value]
  }

  serialize({ hash, value }: SubscriptionAnswer<VO>, target: ByteWriter): void {
    target.writeInt8(VERSION)
    target.writeInt8((hash === null ? 0 : HAS_HASH) | (value === null ? 0 : HAS_VALUE))
    if (hash !== null) writeHash(hash, target)
    if (value !== null) this.value.serialize(value, target)
  }

  deserialize(source: Buffer, start: number, end: number): SubscriptionAnswer<VO> {
    requireVersion(this.name, source, start, end)
    const flags = source[start + 1]!
    const hashStart = start + 2
    const valueStart = (flags & HAS_HASH) === 0 ? hashStart : hashStart + HASH_BYTES
    if (valueStart > end) throw new SerdeError(this.name, 'the bytes are no answer')
    return {
      hash: valueStart === hashStart ? null : source.toString('latin1', hashStart, valueStart),
      value: (flags & HAS_VALUE) === 0 ? null : this.value.deserialize(source, valueStart, end),
      primaryPartition: -1,
    }
  }
}

/** What goes through the topic of answers. */
export const subscriptionAnswer = <VO>(value: Serde<VO>): Serde<SubscriptionAnswer<VO>> =>
  new SubscriptionAnswerSerde(value)

function writeHash(hash: string, target: ByteWriter): void {
  target.ensure(HASH_BYTES)
  target.position += target.buffer.write(hash, target.position, HASH_BYTES, 'latin1')
}

function requireVersion(name: string, source: Buffer, start: number, end: number): void {
  const version = end - start < 2 ? undefined : source[start]
  if (version === VERSION) return
  throw new SerdeError(
    name,
    `version ${version} of the format is not known: another version of Millrace wrote it`,
  )
}
