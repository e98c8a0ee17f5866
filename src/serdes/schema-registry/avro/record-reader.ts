import { placed } from './misfit.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'

/** A field as it was written. */
export interface WrittenField {
  readonly name: string
  readonly reader: ValueReader
  /** Whether the reader's record has it. */
  readonly isKept: boolean
}

/** A field of the record that is made. */
export interface ReadField {
  readonly name: string
  /** The number of the written field that it is; or what makes the value that it has by default. */
  readonly from: number | (() => unknown)
}

/** A record: fields in the order in which they were written, then an object with those of the reader. */
export class RecordReader implements ValueReader {
  readonly read: (payload: Payload) => unknown

  constructor(
    private readonly written: readonly WrittenField[],
    fields: readonly ReadField[],
  ) {
    this.read = readCode(written, fields)
  }

  skip(payload: Payload): void {
    for (const { reader } of this.written) reader.skip(payload)
  }
}

/**
 * Code of its own for each record: objects of one shape are made in one step, and each call in it meets one reader, so
 * that it can be inlined. It contains no text of a schema but quoted names.
 */
function readCode(
  written: readonly WrittenField[],
  fields: readonly ReadField[],
): (payload: Payload) => unknown {
  const readers = written.map((_, index) => `r${index}`)
  const steps = written.map(({ isKept }, index) =>
    isKept ? `const v${index} = r${index}.read(payload)` : `r${index}.skip(payload)`,
  )
  const defaults = fields.filter(({ from }) => typeof from === 'function').map(({ from }) => from)
  let used = 0
  const properties = fields.map(
    ({ name, from }) => `${keyOf(name)}: ${typeof from === 'number' ? `v${from}` : `d${used++}()`}`,
  )
  const code = `return function read(payload) {
    let at = 0
    try {
      ${steps.map((text, index) => `at = ${index}\n${text}`).join('\n')}
      return { ${properties.join(', ')} }
    } catch (error) {
      throw placed(error, names[at])
    }
  }`
  const parameters = ['placed', 'names', ...readers, ...defaults.map((_, index) => `d${index}`)]
  const names = written.map(({ name }) => name)
  return new Function(...parameters, code)(
    placed,
    names,
    ...written.map(({ reader }) => reader),
    ...defaults,
  ) as (payload: Payload) => unknown
}

/** `"__proto__": value` would set the prototype. For all, brackets would take up to ten times as long. */
const keyOf = (name: string): string => (name === '__proto__' ? '["__proto__"]' : JSON.stringify(name))
