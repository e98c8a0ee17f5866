import type { ByteWriter } from '../serdes/byte-writer.js'
import { lowerBound } from './sorted-keys.js'

/** Written by no batch as it is now. */
export const CHANGED = Number.POSITIVE_INFINITY
const LENGTH_BYTES = 4

/**
 * A run of keys in order, latin1 strings. They are in memory, or on disk only. What changes while they are on disk, or
 * are in memory as they are there, waits beside them: so pages can be forgotten, and changed without being read.
 */
export class KeyPage {
  /** As a batch has them, or ahead of that. Undefined: they are on disk only. */
  keys: string[] | undefined
  /** Changes that `keys` do not have: keys in order. */
  private added: string[] = []
  private removed: string[] = []
  /** Number of keys, and bytes of them all. */
  count: number
  bytes: number
  /** Of those in memory, changes that wait included. */
  keysInMemory: number
  bytesInMemory: number
  /** Its number on disk; -1: none. */
  number = -1
  /** The epoch in whose batch `keys` are as they are now. */
  writtenIn = CHANGED
  /** Used since it was last to be forgotten. */
  referenced = true

  constructor(
    /** No key of the page is before it, and none of the page before is at it or after. */
    public first: string,
    keys: string[],
  ) {
    this.keys = keys
    this.count = keys.length
    this.bytes = bytesOf(keys)
    this.keysInMemory = this.count
    this.bytesInMemory = this.bytes
  }

  /** Whether there is something that no batch has. */
  get changed(): boolean {
    return this.writtenIn === CHANGED || this.hasWaiting
  }

  private get hasWaiting(): boolean {
    return this.added.length > 0 || this.removed.length > 0
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    if (key < this.first) this.first = key
    this.count++
    this.bytes += key.length
    if (this.writtenIn === CHANGED) this.insert(this.keys!, key)
    else if (!this.takeOut(this.removed, key)) this.insert(this.added, key)
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    this.count--
    this.bytes -= key.length
    if (this.writtenIn === CHANGED) this.takeOut(this.keys!, key)
    else if (!this.takeOut(this.added, key)) this.insert(this.removed, key)
  }

  private insert(list: string[], key: string): void {
    list.splice(lowerBound(list, key), 0, key)
    this.keysInMemory++
    this.bytesInMemory += key.length
  }

  private takeOut(list: string[], key: string): boolean {
    const at = lowerBound(list, key)
    if (list[at] !== key) return false
    list.splice(at, 1)
    this.keysInMemory--
    this.bytesInMemory -= key.length
    return true
  }

  /** Takes in what the disk has. */
  load(stored: Buffer): void {
    const keys = decodeKeys(stored)
    this.keys = keys
    this.keysInMemory += keys.length
    this.bytesInMemory += bytesOf(keys)
  }

  /** Forgets the keys, which are on disk; what waits stays. */
  unload(): void {
    const keys = this.keys!
    this.keys = undefined
    this.keysInMemory -= keys.length
    this.bytesInMemory -= bytesOf(keys)
  }

  /** Whether a key is there; undefined: the disk has to be asked. */
  has(key: string): boolean | undefined {
    const { keys } = this
    if (contains(this.added, key)) return true
    if (contains(this.removed, key)) return false
    return keys === undefined ? undefined : contains(keys, key)
  }

  /** The first key at `start` or after. The keys are in memory. */
  firstFrom(start: string): string | undefined {
    const keys = this.keys!
    let at = lowerBound(keys, start)
    while (at < keys.length && contains(this.removed, keys[at]!)) at++
    const [kept, added] = [keys[at], this.added[lowerBound(this.added, start)]]
    return kept === undefined || (added !== undefined && added < kept) ? added : kept
  }

  /** The last key before `end`. The keys are in memory. */
  lastBefore(end: string): string | undefined {
    const keys = this.keys!
    let at = lowerBound(keys, end) - 1
    while (at >= 0 && contains(this.removed, keys[at]!)) at--
    const [kept, added] = [keys[at], this.added[lowerBound(this.added, end) - 1]]
    return kept === undefined || (added !== undefined && added > kept) ? added : kept
  }

  /** Number of keys before `end`. The keys are in memory. */
  countBefore(end: string): number {
    return lowerBound(this.keys!, end) + lowerBound(this.added, end) - lowerBound(this.removed, end)
  }

  /** The keys, with the changes that waited. They are in memory. */
  private merged(): string[] {
    if (this.hasWaiting) this.replace(merge(this.keys!, this.added, this.removed))
    return this.keys!
  }

  /** Takes the second half out. */
  split(): KeyPage {
    const keys = this.merged()
    const second = keys.splice(keys.length >> 1)
    this.replace(keys)
    return new KeyPage(second[0]!, second)
  }

  /** Removes the first keys. */
  cut(count: number): void {
    this.replace(this.merged().slice(count))
  }

  private replace(keys: string[]): void {
    this.keys = keys
    this.added = []
    this.removed = []
    this.writtenIn = CHANGED
    this.count = keys.length
    this.bytes = bytesOf(keys)
    this.keysInMemory = this.count
    this.bytesInMemory = this.bytes
  }

  /** Writes the keys one after the other, each behind its length. They are in memory, and as written from now on. */
  encode(target: ByteWriter, epoch: number): void {
    for (const key of this.merged()) {
      target.writeInt32(key.length)
      target.ensure(key.length)
      target.position += target.buffer.write(key, target.position, 'latin1')
    }
    this.writtenIn = epoch
  }
}

/** The keys of two lists without those of a third; all are in order, and the first has the third's. */
function merge(keys: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  const merged: string[] = []
  let nextAdded = 0
  let nextRemoved = 0
  for (const key of keys) {
    while (nextAdded < added.length && added[nextAdded]! < key) merged.push(added[nextAdded++]!)
    if (removed[nextRemoved] === key) nextRemoved++
    else merged.push(key)
  }
  while (nextAdded < added.length) merged.push(added[nextAdded++]!)
  return merged
}

const contains = (keys: readonly string[], key: string): boolean =>
  keys.length > 0 && keys[lowerBound(keys, key)] === key

function bytesOf(keys: readonly string[]): number {
  let bytes = 0
  for (const { length } of keys) bytes += length
  return bytes
}

function decodeKeys(source: Buffer): string[] {
  const keys: string[] = []
  for (let at = 0; at < source.length; ) {
    const start = at + LENGTH_BYTES
    at = start + source.readInt32BE(start - LENGTH_BYTES)
    keys.push(source.toString('latin1', start, at))
  }
  return keys
}
