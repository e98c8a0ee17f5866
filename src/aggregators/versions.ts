/** Numbers in places, of which one at a time is changed. */
export interface Cells<C> {
  /** How many places there are. */
  readonly length: number
  /** Puts a number in a place. @returns what was there */
  exchange(place: number, value: number): number
  /** The same numbers, to be changed apart from these. */
  copy(): C
}

/** Changes that a journal has room for, if there are as many places: copying them is rare, and the journal small. */
const MIN_CHANGES = 64
const PLACES_PER_CHANGE = 32

/*
 * Where a journal has what: which version the cells are at, how many there are, then place and number of each change.
 * All of it is in one array of numbers, for those can be changed in a value that is frozen, and are seen by who estimates
 * what values take.
 */
const AT = 0
const END = 1
const CHANGES = 2

/** Cells, and the way from each of their versions to the next and back. */
class Journal<C extends Cells<C>> {
  constructor(
    readonly cells: C,
    private readonly entries: Float64Array,
  ) {}

  /** With room for changes. */
  static of<C extends Cells<C>>(cells: C): Journal<C> {
    const { length } = cells
    const changes = Math.max(Math.min(length, MIN_CHANGES), Math.ceil(length / PLACES_PER_CHANGE))
    return new Journal(cells, new Float64Array(CHANGES + 2 * changes))
  }

  /** Has room for a change of the newest version, which this is. */
  takesChangeOf(version: number): boolean {
    return version === this.entries[END] && CHANGES + 2 * version < this.entries.length
  }

  /** Makes a change. @returns the version with it */
  change(place: number, value: number): number {
    const { entries } = this
    const version = entries[END]!
    const at = CHANGES + 2 * version
    entries[at] = place
    entries[at + 1] = value
    entries[END] = version + 1
    this.moveTo(version + 1)
    return version + 1
  }

  /** Undoes or makes again the changes that are between; each change and what it replaced are exchanged. */
  moveTo(version: number): void {
    const { entries } = this
    while (entries[AT]! < version) this.cross(entries[AT]!++)
    while (entries[AT]! > version) this.cross(--entries[AT]!)
  }

  private cross(change: number): void {
    const at = CHANGES + 2 * change
    this.entries[at + 1] = this.cells.exchange(this.entries[at]!, this.entries[at + 1]!)
  }
}

const NO_CHANGES = new Float64Array(CHANGES)

/**
 * Cells that are never seen to change: each change gives a new version of them, at the cost of the change, not of a copy.
 * The versions of some cells share them, and have them go to whichever is read (rerooting, Baker 1991): near versions, such
 * as the values before and after a record, are a step apart. Changing another than the newest, or more often than a
 * journal takes, copies.
 */
export class Versions<C extends Cells<C>> {
  private constructor(
    private readonly journal: Journal<C>,
    private readonly version: number,
  ) {}

  /** The first version of cells, which belong to it from now on. */
  static of<C extends Cells<C>>(cells: C): Versions<C> {
    // Without room: most that are read from their bytes are never changed.
    return new Versions(new Journal(cells, NO_CHANGES), 0)
  }

  /** The cells, not to be changed, and valid until another version is read or made. */
  read(): C {
    const { journal, version } = this
    journal.moveTo(version)
    return journal.cells
  }

  /** The version with a number in a place. */
  with(place: number, value: number): Versions<C> {
    const { journal, version } = this
    const next = journal.takesChangeOf(version) ? journal : Journal.of(this.read().copy())
    return new Versions(next, next.change(place, value))
  }
}
