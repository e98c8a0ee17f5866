import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string, type Topology } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const texts = { key: string(), value: string() }
const LEFT_KEYS = 40
const RIGHT_KEYS = 12

interface Topics {
  readonly left: string
  readonly right: string
  readonly output: string
}

/** Left rows `r<n>|text`, joined with right rows of the key `r<n>`. */
function topologyOf({ left, right, output }: Topics): Topology {
  const builder = new StreamsBuilder()
  const rows = builder.table<string, string>(left, { ...texts, store: 'left' })
  const others = builder.table<string, string>(right, { ...texts, store: 'right' })
  rows
    .leftJoin(
      others,
      (value) => value.split('|')[0] || null,
      (value, other) => `${value}+${other}`,
      { name: 'join' },
    )
    .toStream()
    .to(output, { value: string() })
  return builder.build()
}

/** Updates that come in any order, the same in every run: one in five deletes, one left row in six refers to nothing. */
class Updates {
  private state = 1
  readonly left = new Map<string, string>()
  readonly right = new Map<string, string>()

  private below(limit: number): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) >>> 0
    return (this.state >>> 16) % limit
  }

  take(
    rows: Map<string, string>,
    count: number,
    row: (at: number) => [key: string, value: string],
  ): TextRecord[] {
    return Array.from({ length: count }, (_, at) => {
      const [key, text] = row(at)
      const value = this.below(5) === 0 ? null : text
      if (value === null) rows.delete(key)
      else rows.set(key, value)
      return { key, value, timestamp: at }
    })
  }

  leftRows(count: number): TextRecord[] {
    return this.take(this.left, count, (at) => {
      const foreignKey = this.below(6) === 0 ? '' : `r${this.below(RIGHT_KEYS)}`
      return [`l${this.below(LEFT_KEYS)}`, `${foreignKey}|${at}`]
    })
  }

  rightRows(count: number): TextRecord[] {
    return this.take(this.right, count, (at) => [`r${this.below(RIGHT_KEYS)}`, `v${at}`])
  }

  /** What the join is, by definition. */
  get joined(): Map<string, string> {
    return new Map(
      [...this.left].map(([key, value]) => [key, `${value}+${this.right.get(value.split('|')[0]!) ?? null}`]),
    )
  }
}

const sorted = (rows: Iterable<readonly [string, string]>) =>
  [...rows].sort(([left], [right]) => (left < right ? -1 : 1))

describe('a foreign-key join', () => {
  test('of tables with other partition counts settles to the relational join, across a restart without state', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const left = await app.topic('left', 3)
    const right = await app.topic('right', 2)
    const output = await app.topic('output', 1)
    const topology = topologyOf({ left, right, output })
    const updates = new Updates()
    const settled = () =>
      app.committed(
        left,
        right,
        app.internalTopic('join-subscription-registration-topic'),
        app.internalTopic('join-subscription-response-topic'),
      )
    const write = async () => {
      for (let round = 0; round < 5; round++) {
        await Promise.all([
          app.client.write(left, updates.leftRows(60)),
          app.client.write(right, updates.rightRows(30)),
        ])
      }
    }
    const shown = async () => {
      const rows = new Map<string, string>()
      for (const { key, value } of await app.client.read(output)) {
        if (value === null) rows.delete(key!)
        else rows.set(key!, value)
      }
      return sorted(rows)
    }

    const first = await app.started(topology)
    await write()
    await settled()
    assert.deepEqual(await shown(), sorted(updates.joined))
    await first.close()
    await app.deleteState()

    await write()
    await app.started(topology)
    await write()
    await settled()
    assert.deepEqual(await shown(), sorted(updates.joined))
    const partitions = async (topic: string) =>
      (await app.client.transport.metadata([app.internalTopic(topic)]))[0]!.partitions.length
    assert.equal(await partitions('join-subscription-registration-topic'), 2)
    assert.equal(await partitions('join-subscription-response-topic'), 3)
    assert.equal(await partitions('join-subscription-store-changelog'), 2)
  })
})
