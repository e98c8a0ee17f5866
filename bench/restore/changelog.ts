import type { BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import { fillTopic } from '../fill-topic.js'
import { PARTITIONS, scramble } from '../workloads.js'

const KEY_BYTES = 100
const VALUE_BYTES = 8
const DIGITS = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_')

/** Fills a changelog of a count, each partition with its share of the keys, every key once, in no order. */
export function fillChangelog(
  transport: BrokerTransport,
  topic: string,
  keys: number,
  signal: AbortSignal,
): Promise<void> {
  const key = Buffer.alloc(KEY_BYTES)
  const value = Buffer.alloc(VALUE_BYTES)
  const recordAt = (index: number) => {
    writeKey(key, index)
    value.writeUInt32BE(index, VALUE_BYTES - 4)
    return { partition: index % PARTITIONS, timestamp: index, key, value }
  }
  return fillTopic(transport, topic, keys, recordAt, signal)
}

/** Text that no compression makes much of; its last digits are the index, so that no key comes twice. */
function writeKey(key: Buffer, index: number): void {
  for (let at = 0; at < KEY_BYTES; at += 5) {
    let bits = scramble(index, at)
    for (let digit = at; digit < at + 5; digit++, bits >>>= 6) key[digit] = DIGITS[bits & 63]!
  }
  let rest = index
  for (let at = KEY_BYTES - 1; at >= KEY_BYTES - 6; at--, rest >>>= 6) key[at] = DIGITS[rest & 63]!
}
