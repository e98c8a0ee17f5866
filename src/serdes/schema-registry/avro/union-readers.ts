import { Misfit } from './misfit.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'

/** A union as it was written: the number of the type, and the value. */
export class UnionReader implements ValueReader {
  constructor(private readonly branches: readonly ValueReader[]) {}

  read(payload: Payload): unknown {
    return this.next(payload).read(payload)
  }

  skip(payload: Payload): void {
    this.next(payload).skip(payload)
  }

  private next(payload: Payload): ValueReader {
    const index = payload.readInt()
    const branch = this.branches[index]
    if (branch === undefined)
      throw new Misfit(`a union of ${this.branches.length} types has none with number ${index}`)
    return branch
  }
}

/** A value of a union whose values say of which type they are. */
export class WrappedReader implements ValueReader {
  constructor(
    private readonly branch: string,
    private readonly value: ValueReader,
  ) {}

  read(payload: Payload): unknown {
    return { [this.branch]: this.value.read(payload) }
  }

  skip(payload: Payload): void {
    this.value.skip(payload)
  }
}

/** A type that may have been written, and that the reader's schema has no place for. */
export class UnreadableReader implements ValueReader {
  constructor(
    private readonly problem: string,
    private readonly written: ValueReader,
  ) {}

  read(): never {
    throw new Misfit(this.problem)
  }

  skip(payload: Payload): void {
    this.written.skip(payload)
  }
}
