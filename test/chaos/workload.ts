import type { Topology } from '../../src/index.js'
import { changelogTopic, internalTopicName } from '../../src/topology/sub-topology.js'
import { APPLICATION, PARTITIONS } from './application.js'
import type { SeededRandom } from './seeded-random.js'

/** An event on its way to an input. */
export interface PublishedEvent {
  readonly topic: string
  readonly key: string
  /** Goes out as JSON; null: a tombstone. */
  readonly value: object | null
  /** How long before it is published it happened, milliseconds. Default: it happens then. */
  readonly delay?: number
}

/** Where the events of a run come from. */
export interface ChaosEvents {
  next(): PublishedEvent
}

/** What a chaos run tries: a topology, what is published for it, and who judges what comes out. */
export interface Workload {
  /** Its default export is `topology`, and it obeys kill orders. */
  readonly module: URL
  topology(): Topology
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Events published a second. */
  readonly perSecond: number
  /** The class in `java` that judges. */
  readonly verifier: string
  events(random: SeededRandom): ChaosEvents
}

/** How many tasks a workload has. */
export const tasksOf = ({ topology }: Workload): number => topology().subTopologies.length * PARTITIONS

/** Names of the changelogs of a workload. */
export const changelogsOf = ({ topology }: Workload): string[] =>
  topology().subTopologies.flatMap(({ stores }) =>
    stores.filter(({ logging }) => logging).map(({ name }) => changelogOf(name)),
  )

/** Name of the changelog of a store. */
export const changelogOf = (store: string): string => internalTopicName(APPLICATION, changelogTopic(store))

/** Names of the topics between the sub-topologies of a workload, in the order in which records pass through them. */
export const repartitionsOf = ({ topology }: Workload): string[] =>
  topology().subTopologies.flatMap(({ repartitionSinks }) =>
    repartitionSinks.map((name) => internalTopicName(APPLICATION, name)),
  )
