import type { ByteWriter } from '../../byte-writer.js'
import { placed, unexpected } from './misfit.js'
import type { ValueWriter } from './value-writer.js'

interface FieldToWrite {
  readonly name: string
  readonly writer: ValueWriter
  /** What is written where a value has no such property; undefined: it has to. */
  readonly defaultValue: (() => unknown) | undefined
}

type Write = ValueWriter['write']

/** A record: the values of its fields, one behind the other. */
export class RecordWriter implements ValueWriter {
  readonly write: Write

  /** @param expected for example `a record flights.Flight` */
  constructor(expected: string, fields: readonly FieldToWrite[]) {
    this.write = writeCode(expected, fields)
  }
}

/** Code of its own for each record, as `RecordReader` has. */
function writeCode(expected: string, fields: readonly FieldToWrite[]): Write {
  const steps = fields.map(({ name, defaultValue }, index) => {
    const property = propertyOf(name)
    if (defaultValue === undefined) return `at = ${index}\nw${index}.write(${property}, target)`
    return `at = ${index}
      let v${index} = ${property}
      if (v${index} === undefined) v${index} = d${index}()
      w${index}.write(v${index}, target)`
  })
  const code = `return function write(value, target) {
    if (typeof value !== 'object' || value === null) throw unexpected(expected, value)
    let at = 0
    try {
      ${steps.join('\n')}
    } catch (error) {
      throw placed(error, names[at])
    }
  }`
  const parameters = fields.flatMap((_, index) => [`w${index}`, `d${index}`])
  const names = fields.map(({ name }) => name)
  return new Function('placed', 'unexpected', 'expected', 'names', ...parameters, code)(
    placed,
    unexpected,
    expected,
    names,
    ...fields.flatMap(({ writer, defaultValue }) => [writer, defaultValue]),
  ) as (value: unknown, target: ByteWriter) => void
}

/** What every object inherits, such as `constructor`, is no field. */
function propertyOf(name: string): string {
  const property = `value[${JSON.stringify(name)}]`
  return name in {} ? `(Object.hasOwn(value, ${JSON.stringify(name)}) ? ${property} : undefined)` : property
}
