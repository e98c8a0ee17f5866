import type { EventClock } from '../src/time/event-clock.js'
import type { JoinBounds } from '../src/windows/join-windows.js'
import type { JoinWindowStore } from './join-window.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type { StreamJoiner } from './stream-join.js'
import { synchronous } from './user-function.js'

class StreamSelfJoinProcessor<K, V, VR> implements Processor<K, V, K, VR> {
  private context!: ProcessorContext<K, VR>
  private downstream!: Downstream<K, VR>
  private records!: JoinWindowStore<K, V>
  private clock!: EventClock

  constructor(
    private readonly windows: JoinBounds,
    private readonly joiner: StreamJoiner<K, V, V, VR>,
    private readonly store: string,
  ) {}

  init(context: ProcessorContext<K, VR>): void {
    this.context = context
    this.downstream = context.downstream
    this.records = context.store(this.store)
    this.clock = context.clock
  }

  process(key: K, value: V, timestamp: number): void {
    if (value === null || value === undefined) this.context.dropped('null-value')
    else if (key === null || key === undefined) this.context.dropped('null-key')
    else this.join(key, value, timestamp)
  }

  private join(key: K, value: V, timestamp: number): void {
    const { beforeMs, afterMs, retention } = this.windows
    // As in Kafka Streams, which lets a late record meet itself for a millisecond less than others.
    const isKept = timestamp > this.clock.observe(timestamp) - Math.max(1, retention - 1)
    this.asLeft(key, value, timestamp, beforeMs, afterMs)
    this.asRight(key, value, timestamp, isKept && beforeMs >= 0 && afterMs >= 0)
  }

  /** The record as the left one, with those that came before it. */
  private asLeft(key: K, value: V, timestamp: number, before: number, after: number): void {
    const to = Math.max(this.windows.leastEnd, timestamp + after)
    const found = this.records.range(key, Math.max(0, timestamp - before), to)
    for (let at = 0; at < found.length; at++) {
      const { windowStart, value: values } = found[at]!
      for (const other of values!) this.send(key, value, other, Math.max(timestamp, windowStart))
    }
  }

  /** The record as the right one, with those that came before it, and with itself at its place among them. */
  private asRight(key: K, value: V, timestamp: number, itself: boolean): void {
    const { beforeMs, afterMs, leastEnd } = this.windows
    let meetsItself = itself
    const to = Math.max(leastEnd, timestamp + beforeMs)
    const found = this.records.range(key, Math.max(0, timestamp - afterMs), to)
    for (let at = 0; at < found.length; at++) {
      const { windowStart, value: values } = found[at]!
      for (const other of values!) {
        if (meetsItself && windowStart > timestamp) {
          meetsItself = false
          this.send(key, value, value, timestamp)
        }
        this.send(key, other, value, Math.max(timestamp, windowStart))
      }
    }
    if (meetsItself) this.send(key, value, value, timestamp)
  }

  private send(key: K, left: V, right: V, timestamp: number): void {
    this.downstream.process(key, this.joined(key, left, right), timestamp)
  }

  private joined(key: K, left: V, right: V): VR {
    try {
      return synchronous(this.joiner(left, right, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Joins a stream with itself on one store (KIP-862): each record with those that came before it, as the left one and as
 * the right one, and with itself. The results are those of the join of two streams, but for records that are so late that
 * the one does not keep them any more, and the other still does.
 */
export const streamSelfJoin =
  <K, V, VR>(
    windows: JoinBounds,
    joiner: StreamJoiner<K, V, V, VR>,
    store: string,
  ): ProcessorSupplier<K, V, K, VR> =>
  () =>
    new StreamSelfJoinProcessor(windows, joiner, store)
