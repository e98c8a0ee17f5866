import type { Workload } from '../workload.js'
import { JoinedEvents } from './joined-events.js'
import joinsTopology, {
  ACCOUNTS,
  BRANCH_ACCOUNTS,
  BRANCHES,
  LIMITED_ACCOUNTS,
  LIMITS,
  ORDERS,
  PAID_ORDERS,
  PAYMENTS,
  PLACED_ORDERS,
} from './joins-topology.js'

/**
 * Joins of each kind, whose results do not depend on how partitions are interleaved, or only in a way that can be
 * followed:
 *
 * - orders and payments, an outer join of streams: each topic is in order of time, and the grace period is longer than
 *   one can be ahead of the other. So those that are in a window meet, each pair once, and those that meet none come
 *   alone, once.
 * - orders with accounts, a left join of a stream with a table: each order comes once, in order, with a value that the
 *   account had then, and never with one before that of the order before.
 * - accounts and limits, an outer join of tables by key: each change of one is one result, a step of one of the two.
 * - accounts with branches, a left join of tables by a foreign key that changes: no pair comes twice, none goes back,
 *   and at rest the last result of each account is that of the relations.
 *
 * In all three tables rows are deleted and come again.
 */
export const joins: Workload = {
  module: new URL('./joins-topology.js', import.meta.url),
  topology: joinsTopology,
  inputs: [ORDERS, PAYMENTS, ACCOUNTS, LIMITS, BRANCHES],
  outputs: [PAID_ORDERS, PLACED_ORDERS, LIMITED_ACCOUNTS, BRANCH_ACCOUNTS],
  perSecond: 5_000,
  verifier: 'JoinsVerifier',
  events: (random) => new JoinedEvents(random),
}
