import type { ByteWriter } from '../../byte-writer.js'
import { unexpected } from './misfit.js'
import type { UnionValues } from './union-values.js'
import { valueKind } from './value-kind.js'
import type { ValueWriter } from './value-writer.js'

export class UnionWriter implements ValueWriter {
  private readonly nullIndex: number | undefined

  /** @param expected the types, for messages */
  constructor(
    private readonly branches: readonly ValueWriter[],
    private readonly values: UnionValues,
    private readonly expected: string,
  ) {
    this.nullIndex = values.byKind.get('null')
  }

  write(value: unknown, target: ByteWriter): void {
    const index = value === null ? this.nullIndex : this.indexOf(value)
    if (index === undefined) throw unexpected(this.expected, value)
    target.writeVarint(index)
    this.branches[index]!.write(value, target)
  }

  private indexOf(value: unknown): number | undefined {
    const { only, byKind } = this.values
    if (only !== undefined && value !== undefined) return only
    const kind = valueKind(value)
    return kind === undefined ? undefined : byKind.get(kind)
  }
}

/** Values are `{ [name of the type]: value }`, or null. */
export class WrappedUnionWriter implements ValueWriter {
  private readonly indexes: ReadonlyMap<string, number>
  private readonly expected: string

  constructor(
    private readonly branches: readonly ValueWriter[],
    names: readonly string[],
  ) {
    this.indexes = new Map(names.map((name, index) => [name, index]))
    this.expected = names.map((name) => (name === 'null' ? name : `{ '${name}': ... }`)).join(' or ')
  }

  write(value: unknown, target: ByteWriter): void {
    if (value === null) this.writeBranch('null', null, value, target)
    else if (valueKind(value) !== 'object') throw unexpected(this.expected, value)
    else {
      const names = Object.keys(value as object)
      const name = names.length === 1 ? names[0]! : ''
      this.writeBranch(name, (value as Record<string, unknown>)[name], value, target)
    }
  }

  private writeBranch(name: string, inner: unknown, value: unknown, target: ByteWriter): void {
    const index = this.indexes.get(name)
    if (index === undefined) throw unexpected(this.expected, value)
    target.writeVarint(index)
    this.branches[index]!.write(inner, target)
  }
}
