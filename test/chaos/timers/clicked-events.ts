import { delayed } from '../delays.js'
import type { SeededRandom } from '../seeded-random.js'
import type { ChaosEvents, PublishedEvent } from '../workload.js'
import { CLICKS, type Click } from './timers-topology.js'

/** Clicks published a second. */
export const PER_SECOND = 3_000

/** So a user clicks twice a second, and now and then not for some seconds. */
const USERS = 1_500
const PAGES = 100

/** Clicks of users and pages that chance picks, out of order, a part of them later than the bound of the watermarks. */
export class ClickedEvents implements ChaosEvents {
  private id = 0

  constructor(private readonly random: SeededRandom) {}

  next(): PublishedEvent {
    const { random } = this
    const user = Math.floor(random.next() * USERS)
    const page = Math.floor(random.next() * PAGES)
    const delay = delayed(random)
    const click: Click = { id: this.id++, page, delay }
    return { topic: CLICKS, key: `user-${user}`, value: click, delay }
  }
}
