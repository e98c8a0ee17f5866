import { SerdeError, shown } from '../../serde-error.js'

/** A field's name, the index in an array, or the key in a map. */
type Step = string | number

/** Any item of an array or a map. */
export const EACH = '[]'

/**
 * A value or bytes that do not fit a schema, on the way out to where the place in the record is known: each record,
 * array and map that it passes puts its step before the others.
 */
export class Misfit extends Error {
  override readonly name = 'Misfit'
  readonly path: Step[] = []
}

/** @param expected for example `a long` */
export const unexpected = (expected: string, value: unknown): Misfit =>
  new Misfit(`${expected} expected, ${value === undefined ? 'nothing' : described(value)} found`)

function described(value: unknown): string {
  if (typeof value === 'bigint') return `bigint ${value}`
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null) return shown(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Uint8Array) return `${value.length} bytes`
  return value instanceof Date ? 'a Date' : 'an object'
}

/** An error as one at a step further out; for `throw`. */
export function placed(error: unknown, step: Step): Misfit {
  const misfit = asMisfit(error)
  misfit.path.unshift(step)
  return misfit
}

export function asMisfit(error: unknown): Misfit {
  if (error instanceof Misfit) return error
  return new Misfit(error instanceof Error ? error.message : shown(error), { cause: error })
}

/** What a serde's callers get: `serde avro: legs[2].distance: a double expected, "far" found`. */
export function serdeError(error: unknown): SerdeError {
  const { path, message, cause } = asMisfit(error)
  const place = pathText(path)
  return new SerdeError('avro', place === '' ? message : `${place}: ${message}`, { cause })
}

const SIMPLE = /^[A-Za-z_]\w*$/
const MAX_STEPS = 12

/** `legs[2].distance`; the middle of a long one is left out. */
export function pathText(path: readonly Step[]): string {
  const half = MAX_STEPS / 2
  if (path.length > MAX_STEPS) return `${pathText(path.slice(0, half))} ... ${pathText(path.slice(-half))}`
  const text = path.map((step) => {
    if (step === EACH) return step
    if (typeof step === 'number') return `[${step}]`
    return SIMPLE.test(step) ? `.${step}` : `[${shown(step)}]`
  })
  return text.join('').replace(/^\./, '')
}
