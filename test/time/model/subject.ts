import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type KStream, StreamsBuilder, string, type Topology, Watermarks } from '../../../src/index.js'
import { IDLE_AFTER, type Plan, plansOf, run, type Topics, withoutLateRecords } from './plan.js'
import { SpecifiedCluster } from './specified-cluster.js'
import type { SpecifiedOperator } from './specified-operator.js'
import { TaskCluster } from './task-cluster.js'

export type Stream = KStream<string, string>
export type Late = (stream: Stream) => void

/** What event time decides about: as the DSL says it, and as the specification does. */
export interface Subject {
  /** How many repartition topics there are: one for both inputs, or one for each. */
  readonly shuffles: 1 | 2
  /** Whether it is specified only where no record is late. */
  readonly inTime?: true
  build(streams: readonly Stream[], late: Late): Stream
  specified(): SpecifiedOperator
}

export const serdes = { key: string(), value: string() }
const RUNS = Number(process.env.MILLRACE_MODEL_RUNS ?? 30)

const topicsOf = ({ shuffles }: Subject): Topics => ({
  inputs: ['in0', 'in1'],
  shuffles: ['rep0-repartition', 'rep1-repartition'].slice(0, shuffles),
})

function topologyOf(subject: Subject, outOfOrderness: number): Topology {
  const builder = new StreamsBuilder()
  const watermark = Watermarks.boundedOutOfOrderness(outOfOrderness).withIdleness(IDLE_AFTER)
  const [left, right] = ['in0', 'in1'].map((topic) => builder.stream(topic, { ...serdes, watermark }))
  const shuffled = (stream: Stream, name: string): Stream =>
    stream.selectKey((key) => key).repartition({ ...serdes, name })
  const streams =
    subject.shuffles === 1
      ? [shuffled(left!.merge(right!), 'rep0')]
      : [shuffled(left!, 'rep0'), shuffled(right!, 'rep1')]
  const lates: Stream[] = []
  subject.build(streams, (stream) => lates.push(stream)).to('out', serdes)
  for (const stream of lates) stream.to('late', serdes)
  return builder.build()
}

async function agree(subject: Subject, plan: Plan): Promise<void> {
  const { partitions, outOfOrderness } = plan
  const topics = topicsOf(subject)
  const cluster = new TaskCluster(topologyOf(subject, outOfOrderness), partitions)
  const specified = new SpecifiedCluster(partitions, outOfOrderness, topics, subject.specified)
  assert.deepEqual(await run(cluster, plan, topics), await run(specified, plan, topics))
}

/** Holds subjects to what is specified, by name: in several tasks, with late records, idleness, and restarts. */
export function holdToSpecification(subjects: Readonly<Record<string, Subject>>): void {
  for (const [name, subject] of Object.entries(subjects)) {
    describe(`${name}, in several tasks`, () => {
      for (const restarts of [false, true]) {
        it(`do at every step what is specified${restarts ? ', whichever tasks begin again' : ''}`, async () => {
          await fc.assert(
            fc.asyncProperty(plansOf(restarts), (plan) =>
              agree(subject, subject.inTime ? withoutLateRecords(plan) : plan),
            ),
            { numRuns: RUNS },
          )
        })
      }
    })
  }
}
