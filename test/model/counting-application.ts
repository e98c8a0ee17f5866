import assert from 'node:assert/strict'
import { TopicNames } from '../../src/runtime/topic-names.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { countingTopology } from '../support/counting.js'
import { assertReplayOfChangelog, sorted, valuesByKey } from './invariants.js'
import {
  APPLICATION,
  INPUT,
  type InputRecord,
  KEYS,
  type ModelApplication,
  partitionOf,
} from './model-application.js'
import type { SimulatedKafka } from './simulated-kafka.js'

const OUTPUT = 'output'
const topology = countingTopology(INPUT, OUTPUT)
const changelog = new TopicNames(APPLICATION, topology.subTopologies).changelogOf({ name: 'counts' })

/** Counts records by key: each count is there, once, in order. */
export class CountingApplication implements ModelApplication {
  readonly topology = topology
  readonly outputs = [OUTPUT]
  readonly growable = false
  readonly rests = true
  private readonly sent = new Map<string, number>()
  private records = 0

  next(partitions: number): InputRecord {
    const number = this.records++
    const key = `key${number % KEYS}`
    this.sent.set(key, (this.sent.get(key) ?? 0) + 1)
    return {
      key,
      value: String(number),
      timestamp: 1_000 + number,
      partition: partitionOf(number, partitions),
    }
  }

  checkOffset(): void {}

  checkDisk(kafka: SimulatedKafka, taskId: string, database: StateDatabase): Promise<void> {
    return assertReplayOfChangelog(kafka, 'counts', changelog, taskId, database)
  }

  ended(): boolean {
    return true
  }

  /** exactly_once: each key counted up from 1, in order, each count once. at_least_once: nothing is lost. */
  assertOutput(kafka: SimulatedKafka, exactlyOnce: boolean): void {
    const counted = valuesByKey(kafka, OUTPUT)
    if (exactlyOnce) {
      const expected = [...this.sent].map(([key, count]): [string, string[]] => [
        key,
        Array.from({ length: count }, (_, index) => String(index + 1)),
      ])
      assert.deepEqual(sorted(counted), sorted(new Map(expected)))
      return
    }
    for (const [key, count] of this.sent) {
      const last = Number(counted.get(key)?.at(-1))
      assert.ok(last >= count, `${key} was counted up to ${last}, of ${count}`)
    }
  }
}
