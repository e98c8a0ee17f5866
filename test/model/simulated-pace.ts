import type { Step } from '../../operators/processor.js'
import { UnfinishedWork } from '../../src/runtime/unfinished-work.js'
import type { SimulatedTime } from './simulated-time.js'

/**
 * Has rows that operators hand on in steps take time: a step ends with a row that takes any, and the task may commit then.
 *
 * @param rowMs how long the next row takes
 */
export function paceSteps(time: SimulatedTime, rowMs: () => number): Disposable {
  const { begin } = UnfinishedWork.prototype
  const paced =
    (step: Step): Step =>
    (interrupted) => {
      let isFirst = true
      // Asked before each row.
      return step(() => {
        const taken = isFirst ? 0 : rowMs()
        isFirst = false
        time.now += taken
        return taken > 0 || interrupted()
      })
    }
  UnfinishedWork.prototype.begin = function (this: UnfinishedWork, step) {
    begin.call(this, paced(step))
  }
  return {
    [Symbol.dispose]: () => {
      UnfinishedWork.prototype.begin = begin
    },
  }
}
