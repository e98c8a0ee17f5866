import type { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import { SerdeError } from '../serdes/serde-error.js'
import { SizedReader } from '../serdes/sized-fields.js'
import type { DistinctCount } from './distinct-count.js'
import { HyperLogLog, MAX_PRECISION, MIN_PRECISION } from './hyper-log-log.js'
import { Registers } from './registers.js'

const VERSION = 1
const FEW = 0
const MANY = 1
const NAME = 'distinctCount'
/** A run is less than 2^6: four are in three bytes. */
const RUN_BITS = 6
const RUN_MASK = (1 << RUN_BITS) - 1

/**
 * Version, precision and form, a byte each; then the coupons in their order, 4 bytes each, or the runs of all registers, 6
 * bits each: equal counts have equal bytes.
 */
class DistinctCountSerde implements Serde<DistinctCount> {
  readonly name = NAME

  serialize(count: DistinctCount, target: ByteWriter): void {
    if (!(count instanceof HyperLogLog)) {
      throw new SerdeError(NAME, 'only counts of Aggregators.distinctCount are written')
    }
    target.writeInt8(VERSION)
    target.writeInt8(count.precision)
    const registers = count.readRegisters()
    target.writeInt8(registers === undefined ? FEW : MANY)
    if (registers !== undefined) writeRegisters(registers, target)
    else for (const coupon of count.sortedCoupons()!) target.writeInt32(coupon)
  }

  deserialize(source: Buffer, start: number, end: number): DistinctCount {
    const reader = new SizedReader(source, start, end, NAME)
    const [version, precision, form] = [reader.int8(), reader.int8(), reader.int8()]
    const size = end - reader.at
    const fits = form === MANY ? size === (2 ** precision * RUN_BITS) / 8 : form === FEW && size % 4 === 0
    if (version !== VERSION || precision < MIN_PRECISION || precision > MAX_PRECISION || !fits) {
      throw new SerdeError(
        NAME,
        `${end - start} bytes of version ${version}, precision ${precision} are no count`,
      )
    }
    return form === MANY
      ? HyperLogLog.ofRegisters(precision, readRegisters(precision, source, reader.at))
      : HyperLogLog.ofCoupons(
          precision,
          Uint32Array.from({ length: size / 4 }, () => reader.int32()),
        )
  }
}

function writeRegisters(registers: Registers, target: ByteWriter): void {
  const { length } = registers
  target.ensure((length * RUN_BITS) / 8)
  const { buffer } = target
  for (let register = 0; register < length; register += 4) {
    const runs =
      (registers.at(register) << 18) |
      (registers.at(register + 1) << 12) |
      (registers.at(register + 2) << 6) |
      registers.at(register + 3)
    buffer[target.position++] = runs >>> 16
    buffer[target.position++] = (runs >>> 8) & 0xff
    buffer[target.position++] = runs & 0xff
  }
}

function readRegisters(precision: number, source: Buffer, start: number): Registers {
  const registers = Registers.empty(precision)
  let at = start
  for (let register = 0; register < registers.length; register += 4) {
    const runs = (source[at++]! << 16) | (source[at++]! << 8) | source[at++]!
    for (let one = 0; one < 4; one++)
      registers.raise(register + one, (runs >>> (18 - RUN_BITS * one)) & RUN_MASK)
  }
  return registers
}

/** Of counts, in stores, changelogs and topics. */
export const distinctCountSerde: Serde<DistinctCount> = new DistinctCountSerde()
