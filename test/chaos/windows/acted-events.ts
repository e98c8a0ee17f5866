import { delayed } from '../delays.js'
import type { SeededRandom } from '../seeded-random.js'
import type { ChaosEvents, PublishedEvent } from '../workload.js'
import { type Action, CLICKS, TAPS } from './windows-topology.js'

/** Actions published a second. */
export const PER_SECOND = 4_000

const USERS = 2_000
const PAGES = 200

/** For eight seconds of twelve there are taps, too: then they are silent for longer than they are waited for. */
const PERIOD = 12 * PER_SECOND
const WITH_TAPS = 8 * PER_SECOND
const TAPS_SHARE = 0.4

/** Actions of users and pages that chance picks, out of order, a part of them later than the bound of the watermarks. */
export class ActedEvents implements ChaosEvents {
  private id = 0

  constructor(private readonly random: SeededRandom) {}

  next(): PublishedEvent {
    const { random } = this
    const id = this.id++
    const tap = random.next() < TAPS_SHARE && id % PERIOD < WITH_TAPS
    const user = Math.floor(random.next() * USERS)
    const page = Math.floor(random.next() * PAGES)
    const delay = delayed(random)
    const action: Action = { id, page, delay }
    return { topic: tap ? TAPS : CLICKS, key: `user-${user}`, value: action, delay }
  }
}
