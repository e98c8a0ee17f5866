import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import { string } from '../../src/serdes/string.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { TaskState } from '../../src/state/task-state.js'
import { DriverQueue } from '../../src/testing/driver-queue.js'
import { DriverSender } from '../../src/testing/driver-sender.js'
import type { RawRecord } from '../../src/testing/test-record.js'
import { optionsFor } from '../state/support.js'

const texts = { key: string(), value: string() }

type Kind = 'inner' | 'left'

/** Left rows `fk|text` and right rows; joined as `left+right`, where there is no right row as `left+null`. */
function topologyOf(kind: Kind) {
  const builder = new StreamsBuilder()
  const left = builder.table<string, string>('l', { ...texts, store: 'left' })
  const right = builder.table<string, string>('r', { ...texts, store: 'right' })
  const foreignKey = (value: string) => value.split('|')[0] || null
  const joined =
    kind === 'inner'
      ? left.join(right, foreignKey, (value, other) => `${value}+${other}`)
      : left.leftJoin(right, foreignKey, (value, other) => `${value}+${other}`)
  joined.toStream().to('out', texts)
  return builder.build()
}

/**
 * Runs a topology as if each key of a topic had a partition of its own, and each of them a task: what waits in different
 * partitions is processed in any order, what waits in one in its own.
 */
class ScatteredTasks {
  private readonly graph: ProcessingGraph
  private readonly sender = new DriverSender()
  /** By partition. */
  private readonly waiting = new Map<string, { topic: string; queue: DriverQueue; count: number }>()
  readonly out = new Map<string, string>()
  private keyless = 0

  constructor(kind: Kind) {
    const { subTopologies } = topologyOf(kind)
    const stores = subTopologies.flatMap((each) => each.stores)
    const state = TaskState.openEmpty(optionsFor(new MemoryStateDatabase(), stores))
    this.graph = new ProcessingGraph(subTopologies, {
      taskId: '0_0',
      store: (name) => state.store(name),
      sender: this.sender,
      dropped: () => undefined,
      strictValues: true,
    })
  }

  put(topic: string, key: string, value: string | null): void {
    const record = { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }
    this.add(topic, { ...record, timestamp: 0, headers: [] })
  }

  /** Processes a record of the partition that comes next by `choice`. @returns whether there was any */
  step(choice: number): boolean {
    const busy = [...this.waiting.values()].filter(({ count }) => count > 0)
    const partition = busy[choice % Math.max(1, busy.length)]
    if (partition === undefined) return false
    partition.count--
    this.graph.source(partition.topic).process(partition.queue.take()!.view, 0)
    for (const { topic, record } of this.sender.take()) this.send(topic, record)
    return true
  }

  private send(topic: string, record: RawRecord): void {
    if (topic !== 'out') this.add(topic, record)
    else if (record.value === null) this.out.delete(record.key!.toString())
    else this.out.set(record.key!.toString(), record.value.toString())
  }

  private add(topic: string, record: RawRecord): void {
    // A record without key goes to any partition.
    const partition = `${topic} ${record.key?.toString('hex') ?? this.keyless++}`
    const present = this.waiting.get(partition) ?? { topic, queue: new DriverQueue(), count: 0 }
    this.waiting.set(partition, present)
    present.queue.add(topic, record)
    present.count++
  }
}

type Rows = ReadonlyMap<string, string>

/** What the join is, by definition. */
function relation(kind: Kind, left: Rows, right: Rows): Rows {
  const joined = new Map<string, string>()
  for (const [key, value] of left) {
    const other = right.get(value.split('|')[0]!)
    if (other !== undefined || kind === 'left') joined.set(key, `${value}+${other ?? null}`)
  }
  return joined
}

const put = fc.oneof(
  fc.record({
    topic: fc.constant('l'),
    key: fc.constantFrom('1', '2', '3'),
    value: fc.option(fc.constantFrom('A|x', 'A|y', 'B|x', 'C|x', '|x'), { nil: null }),
  }),
  fc.record({
    topic: fc.constant('r'),
    key: fc.constantFrom('A', 'B', 'C'),
    value: fc.option(fc.constantFrom('1', '2'), { nil: null }),
  }),
)
/** After each change some records are processed, of partitions that are chosen by numbers. */
const scripts = fc.array(fc.tuple(put, fc.array(fc.nat(20), { maxLength: 6 })), { maxLength: 30 })
const choices = fc.infiniteStream(fc.nat(20))

const sorted = (rows: Rows) => [...rows].sort(([left], [right]) => (left < right ? -1 : 1))

describe('a foreign-key join', () => {
  for (const kind of ['inner', 'left'] as const) {
    it(`is at rest what the relational ${kind} join is, in whatever order partitions are processed`, () => {
      fc.assert(
        fc.property(scripts, choices, (script, order) => {
          const tasks = new ScatteredTasks(kind)
          const tables = { l: new Map<string, string>(), r: new Map<string, string>() }
          const rest = (): void => {
            while (tasks.step(order.next().value)) {}
          }
          for (const [{ topic, key, value }, steps] of script) {
            const rows = tables[topic as 'l' | 'r']
            // As in Kafka Streams such a row is not told that there is none for it: nothing else may be on its way.
            const alone = kind === 'inner' && topic === 'l' && refersAsBefore(rows.get(key), value)
            if (alone) rest()
            if (value === null) rows.delete(key)
            else rows.set(key, value)
            tasks.put(topic, key, value)
            if (alone) rest()
            else for (const choice of steps) tasks.step(choice)
          }
          rest()
          assert.deepEqual(sorted(tasks.out), sorted(relation(kind, tables.l, tables.r)))
        }),
        { numRuns: 300 },
      )
    })
  }
})

/** Whether a row that referred to nothing, or to this, is asked for an answer only if there is one. */
function refersAsBefore(before: string | undefined, value: string | null): boolean {
  const [old, now] = [before, value].map((row) => row?.split('|')[0] || undefined)
  return old === undefined || old === now
}
