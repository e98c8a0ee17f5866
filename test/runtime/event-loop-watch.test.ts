import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { EventLoopWatch } from '../../src/runtime/event-loop-watch.js'

/** Keeps the event loop for so long. */
const block = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('a watch of the event loop', () => {
  it('sees how late it is', async () => {
    const watch = new EventLoopWatch()
    watch.start()
    block(300)
    while (watch.delayed.sum < 200) await after(5)
    watch.stop()
    const { bounds, counts } = watch.delayed
    const late = counts.slice(bounds.indexOf(100) + 1)
    assert.ok(late.some((count) => count > 0))
  })

  it('sees for how long it was busy', async () => {
    const watch = new EventLoopWatch()
    block(100)
    await after(1)
    assert.ok(watch.busyMs >= 100)
  })
})
