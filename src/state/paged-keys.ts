import { ByteWriter } from '../serdes/byte-writer.js'
import { CHANGED, decodeKeys, encodeKeys, KeyPage } from './key-page.js'
import { PAGE, writePrefix } from './row-layout.js'
import { GARBAGE_FACTOR } from './row-size.js'
import { lowerBound } from './sorted-keys.js'
import type { StateDatabase } from './state-database.js'
import { StateCorruptError } from './state-errors.js'
import type { LiveRows, StateMemory } from './state-memory.js'
import { WriteBatch } from './write-batch.js'

/** A page of more keys, or more bytes, is split. */
const MAX_KEYS = 512
const MAX_PAGE_BYTES = 65_536
/** What a key costs in memory beside its bytes, by estimate: its string and its place in the page. */
const KEY_OVERHEAD = 32
/** What a page costs that is on disk: its object, the string that it begins with, its place in the list. */
const PAGE_OVERHEAD = 200
/** An epoch takes so many pages along at most, so that no commit waits long for them. */
const MAX_PAGES_PER_EPOCH = 256
/** The clock hand looks at so many pages at most for each that it is to forget. */
const LOOKS_PER_EVICTION = 4

/** What pages depend on. */
export interface PageContext {
  readonly database: StateDatabase
  readonly memory: StateMemory
  /** Which epoch is open, and which are on disk. */
  readonly epochs: { readonly current: number; readonly persisted: number }
}

/**
 * Distinct strings in order, in pages. While memory suffices, all of them are in memory. When it does not, epochs take
 * the pages along that have not been written for longest, and those on disk are forgotten and read again when they
 * are needed. On disk the pages are of no use to another process: it finds the keys in the rows.
 */
export class PagedKeys implements LiveRows {
  private pages: KeyPage[] = []
  /** Those that no batch has as they are, first changed first. */
  private readonly changed = new Set<KeyPage>()
  private freeNumbers: number[] = []
  private lastNumber = 0
  private keysInMemory = 0
  private bytesInMemory = 0
  private pagesInMemory = 0
  private hand = 0
  /** How many keys there are. */
  size = 0

  constructor(
    private readonly storeId: number,
    private readonly context: PageContext,
    private readonly maxKeys = MAX_KEYS,
  ) {
    context.memory.register(this)
  }

  has(key: string): boolean {
    const page = this.pages[this.pageAt(key)]
    if (page === undefined) return false
    const keys = this.keysOf(page)
    return keys[lowerBound(keys, key)] === key
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const { pages } = this
    this.size++
    const index = this.pageAt(key)
    const page = pages[index]
    if (page === undefined || (index === pages.length - 1 && this.isFull(page) && this.isAfter(page, key))) {
      this.insertPage(pages.length, new KeyPage(key, [key]))
      this.count(1, key.length)
      return
    }
    const keys = this.keysOf(page)
    if (key < page.first) page.first = key
    keys.splice(lowerBound(keys, key), 0, key)
    page.count++
    page.bytes += key.length
    this.count(1, key.length)
    this.change(page)
    if (page.count > this.maxKeys || (page.bytes > MAX_PAGE_BYTES && page.count > 1)) {
      this.insertPage(index + 1, page.split(keys))
    }
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    const index = this.pageAt(key)
    const page = this.pages[index]!
    const keys = this.keysOf(page)
    keys.splice(lowerBound(keys, key), 1)
    page.count--
    page.bytes -= key.length
    this.size--
    this.count(-1, -key.length)
    if (page.count > 0) this.change(page)
    else this.removePage(index)
  }

  /** Removes all keys before `end`; whole pages at once. */
  deleteBefore(end: string): void {
    const { pages } = this
    let whole = 0
    while (whole + 1 < pages.length && pages[whole + 1]!.first <= end) whole++
    for (const page of pages.splice(0, whole)) this.forget(page)
    const page = pages[0]
    if (page === undefined || page.first >= end) return
    this.cut(page, lowerBound(this.keysOf(page), end))
  }

  /** Removes the first `count` keys; whole pages at once. */
  deleteFirst(count: number): void {
    const { pages } = this
    let whole = 0
    let left = count
    while (whole < pages.length && pages[whole]!.count <= left) left -= pages[whole++]!.count
    for (const page of pages.splice(0, whole)) this.forget(page)
    if (left > 0 && pages[0] !== undefined) this.cut(pages[0], left)
  }

  /** Removes the first keys of the first page. */
  private cut(page: KeyPage, count: number): void {
    if (count === 0) return
    let bytes = 0
    for (const { length } of this.keysOf(page).splice(0, count)) bytes += length
    page.count -= count
    page.bytes -= bytes
    this.size -= count
    this.count(-count, -bytes)
    if (page.count === 0) this.removePage(0)
    else this.change(page)
  }

  /** The first key from `start` (included) up to `end` (not included). */
  first(start: string, end: string): string | undefined {
    for (let index = this.pageAt(start); index < this.pages.length; index++) {
      const page = this.pages[index]!
      if (page.first >= end) return undefined
      const keys = this.keysOf(page)
      const at = lowerBound(keys, start)
      if (at < keys.length) return keys[at]! < end ? keys[at] : undefined
    }
    return undefined
  }

  /** The last key from `start` (included) up to `end` (not included). */
  last(start: string, end: string): string | undefined {
    for (let index = Math.min(this.pageAt(end), this.pages.length - 1); index >= 0; index--) {
      const keys = this.keysOf(this.pages[index]!)
      const at = lowerBound(keys, end) - 1
      if (at >= 0) return keys[at]! >= start ? keys[at] : undefined
    }
    return undefined
  }

  /** Forgets all keys. */
  clear(): void {
    this.pages = []
    this.changed.clear()
    this.freeNumbers = []
    this.lastNumber = 0
    this.keysInMemory = 0
    this.bytesInMemory = 0
    this.pagesInMemory = 0
    this.size = 0
  }

  /** Gives its memory back; not used afterwards. */
  close(): void {
    this.clear()
    this.context.memory.unregister(this)
  }

  /** Has the epoch that ends take pages along, if memory is short. */
  stage(batch: WriteBatch): void {
    const excess = this.context.memory.excess
    if (excess > 0) this.write(batch, Math.ceil(excess / this.rowBytes), this.context.epochs.current - 1)
  }

  /** Writes pages at once, if memory is short, while all keys are of rows on disk: before the first record. */
  async spill(): Promise<void> {
    const { memory, database } = this.context
    while (memory.excess > 0 && this.changed.size > 0) {
      const batch = new WriteBatch()
      this.write(batch, Math.ceil(memory.excess / this.rowBytes), 0)
      await database.write(batch)
      memory.reclaim()
    }
  }

  private write(batch: WriteBatch, count: number, epoch: number): void {
    let left = Math.min(count, MAX_PAGES_PER_EPOCH)
    for (const page of this.changed) {
      if (left-- <= 0) return
      this.changed.delete(page)
      if (page.number < 0) page.number = this.freeNumbers.pop() ?? ++this.lastNumber
      page.writtenIn = epoch
      const { bytes } = batch
      const keyStart = bytes.position
      this.writeRowKey(page, bytes)
      const keyEnd = bytes.position
      encodeKeys(page.keys!, bytes)
      batch.put(keyStart, keyEnd, keyEnd, bytes.position)
    }
  }

  get liveBytes(): number {
    const keys = this.keysInMemory * KEY_OVERHEAD + this.bytesInMemory
    return GARBAGE_FACTOR * (keys + this.pages.length * PAGE_OVERHEAD)
  }

  /** Bytes of a page that is in memory, by estimate. */
  get rowBytes(): number {
    return Math.max(1, this.liveBytes / Math.max(1, this.pagesInMemory))
  }

  evict(count: number): void {
    const { pages } = this
    let left = count
    const looks = Math.min(LOOKS_PER_EVICTION * count, 2 * pages.length)
    for (let look = 0; look < looks && left > 0; look++) {
      if (this.hand >= pages.length) this.hand = 0
      if (this.evictIfIdle(pages[this.hand++]!)) left--
    }
  }

  private evictIfIdle(page: KeyPage): boolean {
    if (page.keys === undefined || page.writtenIn > this.context.epochs.persisted) return false
    if (page.referenced) {
      page.referenced = false
      return false
    }
    page.keys = undefined
    this.pagesInMemory--
    this.count(-page.count, -page.bytes)
    return true
  }

  private keysOf(page: KeyPage): string[] {
    page.referenced = true
    return page.keys ?? this.read(page)
  }

  private read(page: KeyPage): string[] {
    const { memory, database } = this.context
    memory.makeRoom(page.count)
    const key = new ByteWriter(16)
    this.writeRowKey(page, key)
    const stored = database.get(key.view())
    if (stored === undefined) throw new StateCorruptError(database.location)
    page.keys = decodeKeys(stored)
    this.pagesInMemory++
    this.count(page.count, page.bytes)
    return page.keys
  }

  private writeRowKey({ number }: KeyPage, target: ByteWriter): void {
    writePrefix(target, this.storeId, PAGE)
    target.writeInt32(number)
  }

  private change(page: KeyPage): void {
    if (page.writtenIn === CHANGED) return
    page.writtenIn = CHANGED
    this.changed.add(page)
  }

  private insertPage(index: number, page: KeyPage): void {
    this.pages.splice(index, 0, page)
    this.changed.add(page)
    this.pagesInMemory++
    this.context.memory.makeRoom(page.count)
  }

  private removePage(index: number): void {
    for (const page of this.pages.splice(index, 1)) this.forget(page)
  }

  /** Takes note of a page that is in the list no more. */
  private forget(page: KeyPage): void {
    this.changed.delete(page)
    this.size -= page.count
    if (page.number >= 0) this.freeNumbers.push(page.number)
    if (page.keys === undefined) return
    this.pagesInMemory--
    this.count(-page.count, -page.bytes)
  }

  private count(keys: number, bytes: number): void {
    this.keysInMemory += keys
    this.bytesInMemory += bytes
  }

  private isFull(page: KeyPage): boolean {
    return page.count >= this.maxKeys || page.bytes >= MAX_PAGE_BYTES
  }

  private isAfter(page: KeyPage, key: string): boolean {
    return this.keysOf(page).at(-1)! < key
  }

  /** The last page that begins at or before `key`; the first where all begin after it. */
  private pageAt(key: string): number {
    let low = 0
    let high = this.pages.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.pages[middle]!.first <= key) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}
