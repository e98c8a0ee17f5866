import type { SeededRandom } from '../seeded-random.js'
import type { ChaosEvents, PublishedEvent } from '../workload.js'
import { ACCOUNTS, BRANCHES, LIMITS, ORDERS, PAYMENTS } from './joins-topology.js'

const ACCOUNT_KEYS = 2_000
const BRANCH_KEYS = 100

/** How the events of one input are made; the verifier makes them again. */
interface InputEvents {
  readonly topic: string
  readonly prefix: string
  readonly keys: number
  /** How many events of a hundred are its own. */
  readonly share: number
  valueAt(key: number, sequence: number): object | null
}

const INPUTS: readonly InputEvents[] = [
  {
    topic: ORDERS,
    prefix: 'account',
    keys: ACCOUNT_KEYS,
    share: 30,
    valueAt: (_, order) => ({ order }),
  },
  {
    topic: PAYMENTS,
    prefix: 'account',
    keys: ACCOUNT_KEYS,
    share: 30,
    valueAt: (_, payment) => ({ payment }),
  },
  {
    topic: ACCOUNTS,
    prefix: 'account',
    keys: ACCOUNT_KEYS,
    share: 20,
    valueAt: (key, account) => (account % 8 === 7 ? null : { account, branch: branchOf(key, account) }),
  },
  {
    topic: LIMITS,
    prefix: 'account',
    keys: ACCOUNT_KEYS,
    share: 19,
    valueAt: (_, limit) => (limit % 6 === 5 ? null : { limit }),
  },
  {
    topic: BRANCHES,
    prefix: 'branch',
    keys: BRANCH_KEYS,
    share: 1,
    valueAt: (_, version) => (version % 5 === 4 ? null : { version }),
  },
]

/** Now and then an account refers to no branch. */
const branchOf = (key: number, account: number): string | null =>
  account % 8 === 5 ? null : `branch-${(key * 31 + account * 17) % BRANCH_KEYS}`

/** Events of inputs and keys that chance picks, each key's with numbers that follow one another. */
export class JoinedEvents implements ChaosEvents {
  private readonly sequences = INPUTS.map(({ keys }) => new Uint32Array(keys))

  constructor(private readonly random: SeededRandom) {}

  next(): PublishedEvent {
    const at = this.pickInput()
    const { topic, prefix, keys, valueAt } = INPUTS[at]!
    const key = Math.floor(this.random.next() * keys)
    const sequence = this.sequences[at]![key]!++
    return { topic, key: `${prefix}-${key}`, value: valueAt(key, sequence) }
  }

  private pickInput(): number {
    let percent = this.random.next() * 100
    return INPUTS.findIndex(({ share }) => {
      percent -= share
      return percent < 0
    })
  }
}
