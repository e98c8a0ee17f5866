import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SerdeError } from '../src/serdes/serde-error.js'
import { readInt64 } from '../src/state/row-layout.js'
import type { KeyValueStoreDefinition } from '../src/state/store-definition.js'
import type { TimerType } from './timers.js'

/** The place of a timer: what is due first comes first in each kind of time. */
export interface TimerKey<K> {
  readonly type: TimerType
  readonly timestamp: number
  /** Absent: the place before all keys. */
  readonly key?: K
}

const HEAD_BYTES = 9
const EVENT_TIME = 0
const PROCESSING_TIME = 1
const SET = 1

class TimerKeySerde<K> implements Serde<TimerKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<K>) {
    this.name = `timer(${inner.name})`
    this.parts = [inner]
  }

  serialize({ type, timestamp, key }: TimerKey<K>, target: ByteWriter): void {
    target.writeInt8(type === 'event-time' ? EVENT_TIME : PROCESSING_TIME)
    target.writeInt64(timestamp)
    if (key !== undefined) this.inner.serialize(key, target)
  }

  deserialize(source: Buffer, start: number, end: number): TimerKey<K> {
    if (start + HEAD_BYTES > end) throw new SerdeError(this.name, `at least ${HEAD_BYTES} bytes expected`)
    return {
      type: source[start] === EVENT_TIME ? 'event-time' : 'processing-time',
      timestamp: readInt64(source, start + 1),
      key: this.inner.deserialize(source, start + HEAD_BYTES, end),
    }
  }
}

/** Keys in the order of kind of time, time, and then of their bytes. */
export const timerKey = <K>(key: Serde<K>): Serde<TimerKey<K>> => new TimerKeySerde(key)

/** What is stored of a timer beside its place: a byte, since no value would be a deletion. */
const timerIsSet: Serde<true> = {
  name: 'timer',
  serialize: (_, target) => target.writeInt8(SET),
  deserialize: () => true,
}

/** A store of timers. */
export const timerStore = <K>(
  name: string,
  key: Serde<K>,
  keeping: Pick<KeyValueStoreDefinition<TimerKey<K>, true>, 'logging' | 'storage'>,
): KeyValueStoreDefinition<TimerKey<K>, true> => ({
  kind: 'keyValue',
  name,
  key: timerKey(key),
  value: timerIsSet,
  caching: false,
  ordered: true,
  ...keeping,
})
