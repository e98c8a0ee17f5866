import { placed, unexpected } from '../misfit.js'
import type { Conversion } from './conversion.js'

/** The logical type `duration`: three counts of 32 bits that are not made of each other. */
export interface AvroDuration {
  readonly months: number
  readonly days: number
  readonly millis: number
}

const PARTS = ['months', 'days', 'millis'] as const

export const duration: Conversion = {
  kind: 'object',
  fromRaw(raw): AvroDuration {
    const { buffer, byteOffset } = raw as Uint8Array
    const view = new DataView(buffer, byteOffset)
    return { months: view.getUint32(0, true), days: view.getUint32(4, true), millis: view.getUint32(8, true) }
  },
  toRaw(value) {
    if (typeof value !== 'object' || value === null) throw unexpected('{ months, days, millis }', value)
    const raw = new Uint8Array(12)
    const view = new DataView(raw.buffer)
    for (const [index, name] of PARTS.entries()) {
      view.setUint32(index * 4, countOf(name, (value as Partial<AvroDuration>)[name]), true)
    }
    return raw
  },
}

function countOf(name: string, count: unknown): number {
  if (typeof count === 'number' && count >>> 0 === count) return count
  throw placed(unexpected('a whole number of 32 bits, not negative,', count), name)
}
