import { ByteWriter } from '../serdes/byte-writer.js'
import { CHANGED, KeyPage } from './key-page.js'
import { PAGE, writePrefix } from './row-layout.js'
import { GARBAGE_FACTOR } from './row-size.js'
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
const PAGE_OVERHEAD = 250
/** An epoch takes so many pages along at most, so that no commit waits long for them. */
const MAX_PAGES_PER_EPOCH = 128
/** So many pages are looked at at most for each that is to be forgotten. */
const LOOKS_PER_EVICTION = 4

/** After every key. */
const END = '\u0100'

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
 * are needed; to be changed they are not. On disk the pages are of no use to another process: it finds the keys in the
 * rows.
 */
export class PagedKeys implements LiveRows {
  private pages: KeyPage[] = []
  /** Those that no batch has as they are, first changed first. */
  private readonly changed = new Set<KeyPage>()
  /** Those whose keys are in memory as a batch has them: they can be forgotten once that is on disk. */
  private readonly written = new Set<KeyPage>()
  private freeNumbers: number[] = []
  private lastNumber = 0
  private keysInMemory = 0
  private bytesInMemory = 0
  private pagesInMemory = 0
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
    return page.has(key) ?? this.loaded(page).has(key)!
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const { pages } = this
    this.size++
    const index = this.pageAt(key)
    const page = pages[index]
    if (page === undefined || (index === pages.length - 1 && this.isFull(page) && this.isAfter(page, key))) {
      this.insertPage(pages.length, new KeyPage(key, [key]))
      return
    }
    const { writtenIn } = page
    this.uncount(page)
    page.add(key)
    if (writtenIn === CHANGED) this.keepCount(page)
    else this.recount(page)
    if (page.count <= this.maxKeys && (page.bytes <= MAX_PAGE_BYTES || page.count === 1)) return
    this.load(page)
    this.uncount(page)
    const second = page.split()
    this.recount(page)
    this.insertPage(index + 1, second)
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    const index = this.pageAt(key)
    const page = this.pages[index]!
    const { writtenIn } = page
    this.uncount(page)
    page.delete(key)
    if (writtenIn === CHANGED) this.keepCount(page)
    else this.recount(page)
    this.size--
    if (page.count === 0) this.removePage(index)
  }

  /** Removes all keys before `end`; whole pages at once. */
  deleteBefore(end: string): void {
    const { pages } = this
    let whole = 0
    while (whole + 1 < pages.length && pages[whole + 1]!.first <= end) whole++
    for (const page of pages.splice(0, whole)) this.forget(page)
    const page = pages[0]
    if (page === undefined || page.first >= end) return
    this.cut(page, this.loaded(page).countBefore(end))
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
    this.load(page)
    this.uncount(page)
    page.cut(count)
    this.recount(page)
    this.size -= count
    if (page.count === 0) this.removePage(0)
  }

  /** The first key from `start` (included) up to `end` (not included). */
  first(start: string, end: string): string | undefined {
    for (let index = this.pageAt(start); index < this.pages.length; index++) {
      const page = this.pages[index]!
      if (page.first >= end) return undefined
      const key = this.loaded(page).firstFrom(start)
      if (key !== undefined) return key < end ? key : undefined
    }
    return undefined
  }

  /** The last key from `start` (included) up to `end` (not included). */
  last(start: string, end: string): string | undefined {
    for (let index = Math.min(this.pageAt(end), this.pages.length - 1); index >= 0; index--) {
      const key = this.loaded(this.pages[index]!).lastBefore(end)
      if (key !== undefined) return key >= start ? key : undefined
    }
    return undefined
  }

  /** Forgets all keys. */
  clear(): void {
    this.pages = []
    this.changed.clear()
    this.written.clear()
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
    if (this.context.memory.excess > 0) this.write(batch, this.context.epochs.current - 1)
  }

  /** Writes pages at once, if memory is short, while all keys are of rows on disk: before the first record. */
  async spill(): Promise<void> {
    const { memory, database } = this.context
    while (memory.excess > 0 && this.changed.size > 0) {
      const batch = new WriteBatch()
      this.write(batch, 0)
      await database.write(batch)
      memory.reclaim()
    }
  }

  /** Writes as many changed pages as there is too much, if all are of one size. */
  private write(batch: WriteBatch, epoch: number): void {
    const { changed, context, liveBytes } = this
    let left = Math.min(Math.ceil((context.memory.excess / liveBytes) * changed.size), MAX_PAGES_PER_EPOCH)
    for (const page of changed) {
      if (left-- <= 0) return
      this.load(page)
      if (page.number < 0) page.number = this.freeNumbers.pop() ?? ++this.lastNumber
      const { bytes } = batch
      const keyStart = bytes.position
      this.writeRowKey(page, bytes)
      const keyEnd = bytes.position
      this.uncount(page)
      page.encode(bytes, epoch)
      this.recount(page)
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
    let left = count
    let looks = LOOKS_PER_EVICTION * count
    for (const page of this.written) {
      if (left === 0 || looks-- === 0) return
      if (page.writtenIn > this.context.epochs.persisted) continue
      this.written.delete(page)
      if (page.referenced) {
        page.referenced = false
        this.written.add(page)
        continue
      }
      this.uncount(page)
      page.unload()
      this.recount(page)
      left--
    }
  }

  /** The page, to be read: its keys are in memory, and are kept there for longer. */
  private loaded(page: KeyPage): KeyPage {
    page.referenced = true
    this.load(page)
    return page
  }

  private load(page: KeyPage): void {
    if (page.keys === undefined) this.read(page)
  }

  private read(page: KeyPage): void {
    const { memory, database } = this.context
    memory.makeRoom(page.count)
    const key = new ByteWriter(16)
    this.writeRowKey(page, key)
    const stored = database.get(key.view())
    if (stored === undefined) throw new StateCorruptError(database.location)
    this.uncount(page)
    page.load(stored)
    this.recount(page)
  }

  private writeRowKey({ number }: KeyPage, target: ByteWriter): void {
    writePrefix(target, this.storeId, PAGE)
    target.writeInt32(number)
  }

  private insertPage(index: number, page: KeyPage): void {
    this.pages.splice(index, 0, page)
    this.changed.add(page)
    this.keepCount(page)
    this.context.memory.makeRoom(page.count)
  }

  private removePage(index: number): void {
    for (const page of this.pages.splice(index, 1)) this.forget(page)
  }

  /** Takes note of a page that is in the list no more. */
  private forget(page: KeyPage): void {
    this.changed.delete(page)
    this.written.delete(page)
    this.size -= page.count
    if (page.number >= 0) this.freeNumbers.push(page.number)
    this.uncount(page)
  }

  /** Leaves a page out of the counts, until it has been changed. */
  private uncount(page: KeyPage): void {
    this.keysInMemory -= page.keysInMemory
    this.bytesInMemory -= page.bytesInMemory
    if (page.keys !== undefined) this.pagesInMemory--
  }

  private keepCount(page: KeyPage): void {
    this.keysInMemory += page.keysInMemory
    this.bytesInMemory += page.bytesInMemory
    if (page.keys !== undefined) this.pagesInMemory++
  }

  /** Counts a page that may have been changed. */
  private recount(page: KeyPage): void {
    this.keepCount(page)
    if (page.changed) this.changed.add(page)
    else this.changed.delete(page)
    if (page.keys !== undefined && page.writtenIn !== CHANGED) this.written.add(page)
    else this.written.delete(page)
  }

  private isFull(page: KeyPage): boolean {
    return page.count >= this.maxKeys || page.bytes >= MAX_PAGE_BYTES
  }

  private isAfter(page: KeyPage, key: string): boolean {
    const last = this.loaded(page).lastBefore(END)
    return last !== undefined && last < key
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
