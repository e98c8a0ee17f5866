import fc from 'fast-check'

/** How long a partition of a user's topic is quiet until others do not wait for it, milliseconds of wall time. */
export const IDLE_AFTER = 20
/** Records and markers that can wait in a partition of a repartition topic at most. */
const MOST_WAITING = 500
export const KEYS = ['a', 'b', 'c'] as const

/** A record that comes out: `topic: key value @timestamp`. */
export type Result = string

/** What can be done with an application of several tasks, and what is seen of it. */
export interface Cluster {
  /** A user's topic gets a record, which is processed. */
  pipe(topic: string, partition: number, key: string, value: string, timestamp: number): void
  /** Wall time passes. */
  wait(milliseconds: number): void
  /** The task of a partition that writes a repartition topic tells all its readers how far it has come. */
  tell(topic: string, partition: number): void
  /** The task that reads a partition takes what is next there: a record, or what a writer told. */
  read(topic: string, partition: number): void
  /** The task that reads a partition ends, and begins again from what was committed `away` milliseconds later. */
  restart(topic: string, partition: number, lost: boolean, away: number): void | Promise<void>
  /** What users write has ended. */
  endInput(): void
  /** What came out since the last call. */
  take(): readonly Result[]
  /** How many records were late up to now, of each window once. */
  readonly late: number
}

export type Step =
  | { readonly pipe: number; readonly partition: number; readonly key: string; readonly timestamp: number }
  | { readonly wait: number }
  | { readonly tell: number; readonly partition: number }
  | { readonly read: number; readonly partition: number; readonly times: number }
  | {
      readonly restart: number
      readonly partition: number
      readonly writer: boolean
      readonly lost: boolean
      readonly away: number
    }

/** What happens, in order. Topics go by number. */
export interface Plan {
  readonly partitions: number
  readonly outOfOrderness: number
  readonly steps: readonly Step[]
}

/** @param restarts whether tasks begin again in between */
export function plansOf(restarts: boolean): fc.Arbitrary<Plan> {
  return fc.integer({ min: 1, max: 3 }).chain((partitions) =>
    fc.record({
      partitions: fc.constant(partitions),
      outOfOrderness: fc.nat(8),
      steps: fc.array(stepsOf(partitions, restarts), { maxLength: 60, size: 'max' }),
    }),
  )
}

/** The same, but that the records of each partition are no further out of order than is allowed, and none is idle. */
export function withoutLateRecords({ steps, ...plan }: Plan): Plan {
  const greatest = new Map<string, number>()
  return {
    ...plan,
    steps: steps.flatMap((step): Step[] => {
      if ('wait' in step) return []
      if ('restart' in step) return [{ ...step, away: 0 }]
      if (!('pipe' in step)) return [step]
      const partition = `${step.pipe} ${step.partition}`
      const before = greatest.get(partition) ?? 0
      const timestamp = Math.max(step.timestamp, before - plan.outOfOrderness)
      greatest.set(partition, Math.max(before, timestamp))
      return [{ ...step, timestamp }]
    }),
  }
}

function stepsOf(partitions: number, restarts: boolean): fc.Arbitrary<Step> {
  const topic = fc.nat(1)
  const partition = fc.nat(partitions - 1)
  // At the epoch windows are cut off in ways of their own, as in Kafka Streams.
  const timestamp = fc.integer({ min: 100, max: 160 })
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ pipe: topic, partition, key: fc.constantFrom(...KEYS), timestamp }) },
    { weight: 5, arbitrary: fc.record({ tell: topic, partition }) },
    { weight: 7, arbitrary: fc.record({ read: topic, partition, times: fc.integer({ min: 1, max: 6 }) }) },
    { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: IDLE_AFTER + 5 }) }) },
    {
      weight: restarts ? 2 : 0,
      arbitrary: fc.record({
        restart: topic,
        partition,
        writer: fc.boolean(),
        lost: fc.boolean(),
        away: fc.oneof(fc.constant(0), fc.nat({ max: IDLE_AFTER + 5 })),
      }),
    },
  )
}

/** Where records of a key go in a repartition topic. */
export const partitionOf = (key: string, partitions: number): number => key.charCodeAt(0) % partitions

/** What is seen of a step: what comes out of it, in no order, and how many records were late up to it. */
export interface Seen {
  readonly results: readonly Result[]
  readonly late: number
}

/** The user's topics and the repartition topics of a topology, by their number in the plan. */
export interface Topics {
  readonly inputs: readonly [string, string]
  readonly shuffles: readonly string[]
}

/**
 * Has a cluster go through a plan, to the end of all that it brings. Of repartition topics those that are written to by
 * readers of others come after these.
 */
export async function run(cluster: Cluster, { steps, partitions }: Plan, topics: Topics): Promise<Seen[]> {
  const seen: Seen[] = []
  const look = (): void => void seen.push({ results: cluster.take().toSorted(), late: cluster.late })
  for (const [number, step] of steps.entries()) {
    await take(cluster, step, String(number), topics)
    look()
  }
  cluster.endInput()
  for (const topic of topics.shuffles) {
    for (let partition = 0; partition < partitions; partition++) cluster.tell(topic, partition)
    for (let partition = 0; partition < partitions; partition++) {
      for (let left = MOST_WAITING; left > 0; left--) cluster.read(topic, partition)
    }
  }
  look()
  return seen
}

function take(
  cluster: Cluster,
  step: Step,
  value: string,
  { inputs, shuffles }: Topics,
): void | Promise<void> {
  const shuffleOf = (topic: number): string => shuffles[topic % shuffles.length]!
  if ('wait' in step) return cluster.wait(step.wait)
  const { partition } = step
  if ('pipe' in step) return cluster.pipe(inputs[step.pipe]!, partition, step.key, value, step.timestamp)
  if ('tell' in step) return cluster.tell(shuffleOf(step.tell), partition)
  if ('restart' in step) {
    const topic = step.writer ? inputs[step.restart]! : shuffleOf(step.restart)
    return cluster.restart(topic, partition, step.lost, step.away)
  }
  for (let left = step.times; left > 0; left--) cluster.read(shuffleOf(step.read), partition)
}
