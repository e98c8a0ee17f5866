import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ShuffleWatermark } from '../../src/time/shuffle-watermark.js'
import type { TaskWatermark, WatermarkMarker } from '../../src/time/watermark-marker.js'

type Told = readonly [task: number, eventTime: number, idle?: boolean]

const marker = (tasks: number, told: readonly Told[], subTopology = 0): WatermarkMarker => ({
  subTopology,
  tasks,
  watermarks: told.map(([task, eventTime, idle = false]) => ({ task, eventTime, idle })),
})

describe('the watermark of a repartition partition', () => {
  it('is unknown until all tasks were heard, and then the least of them', () => {
    const watermark = new ShuffleWatermark([0])
    assert.equal(watermark.take(marker(2, [[0, 50]])), false)
    assert.equal(watermark.eventTime, -1)
    assert.equal(watermark.take(marker(2, [[1, 20]])), true)
    assert.equal(watermark.eventTime, 20)
  })

  it('waits for every sub-topology that writes to the topic', () => {
    const watermark = new ShuffleWatermark([0, 3])
    watermark.take(marker(1, [[0, 50]], 0))
    assert.equal(watermark.eventTime, -1)
    watermark.take(marker(1, [[0, 40]], 3))
    assert.equal(watermark.eventTime, 40)
  })

  it('takes no notice of sub-topologies that do not write to the topic', () => {
    const watermark = new ShuffleWatermark([0])
    assert.equal(watermark.take(marker(1, [[0, 50]], 7)), false)
    assert.equal(watermark.eventTime, -1)
  })

  it('stays where it is when tasks are added, until they have come up', () => {
    const watermark = new ShuffleWatermark([0])
    watermark.take(marker(1, [[0, 50]]))
    watermark.take(marker(2, [[0, 60]]))
    assert.equal(watermark.eventTime, 50)
    watermark.take(marker(2, [[1, 10]]))
    assert.equal(watermark.eventTime, 50)
    watermark.take(marker(2, [[1, 55]]))
    assert.equal(watermark.eventTime, 55)
  })

  it('leaves idle tasks out, and is idle when all are', () => {
    const watermark = new ShuffleWatermark([0])
    watermark.take(
      marker(2, [
        [0, 50],
        [1, 20, true],
      ]),
    )
    assert.deepEqual([watermark.eventTime, watermark.idle], [50, false])
    assert.equal(watermark.take(marker(2, [[0, 50, true]])), true)
    assert.equal(watermark.idle, true)
    assert.equal(watermark.take(marker(2, [[1, 20]])), true)
    assert.deepEqual([watermark.eventTime, watermark.idle], [50, false])
  })

  it('is idle no more when a task is added that was not heard yet', () => {
    const watermark = new ShuffleWatermark([0])
    watermark.take(marker(1, [[0, 50, true]]))
    assert.equal(watermark.idle, true)
    assert.equal(watermark.take(marker(2, [[0, 60]])), true)
    assert.deepEqual([watermark.eventTime, watermark.idle], [50, false])
  })

  it('is what a look at the whole history gives, and never goes back', () => {
    const step = fc.record({
      task: fc.nat(3),
      eventTime: fc.nat(100),
      idle: fc.boolean(),
      grows: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const watermark = new ShuffleWatermark([0])
        const history: TaskWatermark[] = []
        let tasks = 1
        let expected = -1
        for (const { task, eventTime, idle, grows } of steps) {
          if (grows && tasks < 4) tasks++
          const told = { task: task % tasks, eventTime, idle }
          history.push(told)
          watermark.take({ subTopology: 0, tasks, watermarks: [told] })
          const { time, allIdle } = specified(history, tasks)
          expected = Math.max(expected, time)
          assert.deepEqual([watermark.eventTime, watermark.idle], [expected, allIdle])
        }
      }),
    )
  })
})

/** What is known from all that was told: nothing before every task was heard. */
function specified(history: readonly TaskWatermark[], tasks: number): { time: number; allIdle: boolean } {
  const latest = Array.from({ length: tasks }, (_, task) => {
    const told = history.filter((each) => each.task === task)
    return { idle: told.at(-1)?.idle, time: Math.max(-1, ...told.map((each) => each.eventTime)) }
  })
  if (latest.some(({ idle }) => idle === undefined)) return { time: -1, allIdle: false }
  const active = latest.filter(({ idle }) => !idle)
  if (active.length === 0) return { time: Math.max(...latest.map(({ time }) => time)), allIdle: true }
  return { time: Math.min(...active.map(({ time }) => time)), allIdle: false }
}
