import { Producer } from '../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import type { BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { PARTITIONS, scramble } from '../workloads.js'

export const KEY_BYTES = 100
const VALUE_BYTES = 8
/** Records between two sends. */
const CHUNK = 40_000
const DIGITS = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_')

/** Fills a changelog of a count, each partition with its share of the keys, every key once, in no order. */
export async function fillChangelog(
  transport: BrokerTransport,
  topic: string,
  keys: number,
  signal: AbortSignal,
): Promise<void> {
  const producer = new Producer(transport, {})
  try {
    await producer.init()
    for (let from = 0; from < keys; from += CHUNK) {
      signal.throwIfAborted()
      await producer.produce(batches(topic, from, Math.min(keys, from + CHUNK)))
    }
  } finally {
    producer.close()
  }
}

function batches(topic: string, from: number, to: number) {
  const key = Buffer.alloc(KEY_BYTES)
  const value = Buffer.alloc(VALUE_BYTES)
  const open: RecordBatchBuilder[] = Array.from({ length: PARTITIONS }, () => new RecordBatchBuilder())
  const sealed = open.map((builder, partition) => ({ topic, partition, builder }))
  for (let index = from; index < to; index++) {
    const partition = index % PARTITIONS
    if (open[partition]!.full) {
      open[partition] = new RecordBatchBuilder()
      sealed.push({ topic, partition, builder: open[partition]! })
    }
    writeKey(key, index)
    value.writeUInt32BE(index, VALUE_BYTES - 4)
    open[partition]!.appendBytes(index, key, 0, KEY_BYTES, value, 0, VALUE_BYTES, NO_HEADERS)
  }
  return sealed
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
