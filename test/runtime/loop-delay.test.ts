import { test } from 'node:test'
import { LoopDelay } from '../../src/runtime/loop-delay.js'
import { until } from '../support/until.js'

const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('the delay of the event loop is that of the time since it was last asked for', async () => {
  const delay = new LoopDelay()
  let mean = 0
  await until('it was seen that the loop was late', () => {
    block(200)
    mean = delay.take()
    return mean > 50
  })
  await until('it was seen that it is not any more', () => delay.take() < mean / 2)
  delay.close()
})
