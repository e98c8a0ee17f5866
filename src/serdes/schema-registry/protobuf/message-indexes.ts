import type { ByteWriter } from '../../byte-writer.js'
import { FieldProblem } from './field-problem.js'
import type { WireInput } from './wire-input.js'
import { MOST_NESTED } from './wire-type.js'

/*
 * Before a message stands which one of its schema's file it is, as Confluent has it:
 *
 *   indexes: count (zigzag varint), then each index (zigzag varint)
 *
 * The first message, [0], is by far the most frequent, and is written as a count of 0 alone.
 */

export function writeMessageIndexes(indexes: readonly number[], target: ByteWriter): void {
  if (indexes.length === 1 && indexes[0] === 0) {
    target.writeVarint(0)
    return
  }
  target.writeVarint(indexes.length)
  for (const index of indexes) target.writeVarint(index)
}

export function readMessageIndexes(input: WireInput): readonly number[] {
  const count = input.sint32()
  if (count === 0) return [0]
  if (count < 0 || count > MOST_NESTED) throw new FieldProblem(`${count} message indexes`)
  return Array.from({ length: count }, () => input.sint32())
}
