import { unexpected } from '../misfit.js'
import type { Conversion } from './conversion.js'

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i

/** The logical type `uuid` of 16 bytes, as text in lower case. */
export const fixedUuid: Conversion = {
  kind: 'string',
  fromRaw(raw) {
    const hex = Buffer.from(raw as Uint8Array).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  },
  toRaw(value) {
    const parts = typeof value === 'string' ? UUID.exec(value) : null
    if (parts === null) throw unexpected('a UUID', value)
    return new Uint8Array(Buffer.from(parts.slice(1).join(''), 'hex'))
  },
}
