import { Misfit, unexpected } from '../misfit.js'
import type { Conversion } from './conversion.js'

const DAY = 86_400_000

function millisOf(value: unknown): number {
  const millis = value instanceof Date ? value.getTime() : Number.NaN
  if (Number.isNaN(millis)) throw unexpected('a valid Date', value)
  return millis
}

function dateAt(millis: number): Date {
  const date = new Date(millis)
  if (Number.isNaN(date.getTime()))
    throw new Misfit(`${millis} ms since 1970 are beyond what a Date can hold`)
  return date
}

export const dateOfMillis: Conversion = {
  kind: 'date',
  fromRaw: (raw) => dateAt(raw as number),
  toRaw: millisOf,
}

export const dateOfDays: Conversion = {
  kind: 'date',
  fromRaw: (raw) => dateAt((raw as number) * DAY),
  toRaw(value) {
    const millis = millisOf(value)
    if (millis % DAY !== 0)
      throw new Misfit(`a date at midnight UTC expected, ${new Date(millis).toISOString()} found`)
    return millis / DAY
  },
}
