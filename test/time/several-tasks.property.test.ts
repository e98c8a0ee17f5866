import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  HoppingWindows,
  JoinWindows,
  type KStream,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  Suppressed,
  string,
  type Topology,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { IDLE_AFTER, type Plan, plansOf, run, type Topics, withoutLateRecords } from './model/plan.js'
import { SpecifiedCluster } from './model/specified-cluster.js'
import { SpecifiedJoin } from './model/specified-join.js'
import type { SpecifiedOperator } from './model/specified-operator.js'
import { SpecifiedSessions } from './model/specified-sessions.js'
import { SpecifiedSlidingWindows } from './model/specified-sliding-windows.js'
import { type Closing, SpecifiedWindows } from './model/specified-windows.js'
import { SpecifiedWindowsInTurn } from './model/specified-windows-in-turn.js'
import { TaskCluster } from './model/task-cluster.js'
import { rowsByStart } from './rows-by-start.js'

type Stream = KStream<string, string>
type Late = (stream: Stream) => void

/** What event time decides about: as the DSL says it, and as the specification does. */
interface Subject {
  /** How many repartition topics there are: one for both inputs, or one for each. */
  readonly shuffles: 1 | 2
  /** Whether it is specified only where no record is late. */
  readonly inTime?: true
  build(streams: readonly Stream[], late: Late): Stream
  specified(): SpecifiedOperator
}

const serdes = { key: string(), value: string() }
const RUNS = Number(process.env.MILLRACE_MODEL_RUNS ?? 30)
const all = (one: string, other: string): string => `${one} ${other}`
/** Sliding windows are made of each other: what order their records are in is not said. */
const inOrder = (one: string, other: string): string =>
  `${one} ${other}`
    .split(' ')
    .sort((a, b) => Number(a) - Number(b))
    .join(' ')
const onClose = (grace: number, allowedLateness = 0): Closing => ({
  emits: 'on close',
  grace,
  allowedLateness,
})
const onUpdate = (grace: number): Closing => ({ emits: 'on update', grace, allowedLateness: 0 })

const SUBJECTS: Readonly<Record<string, Subject>> = {
  'tumbling windows that hand on every update': {
    shuffles: 1,
    build: ([stream], late) =>
      rowsByStart(stream!.groupByKey().windowedBy(TumblingWindows.of(10).grace(3)).reduce(all, { late })),
    specified: () => new SpecifiedWindows(10, 10, onUpdate(3)),
  },
  'tumbling windows that hand on at their close': {
    shuffles: 1,
    build: ([stream], late) =>
      rowsByStart(
        stream!
          .groupByKey()
          .windowedBy(TumblingWindows.of(10))
          .emitStrategy('onWindowClose')
          .reduce(all, { late }),
      ),
    specified: () => new SpecifiedWindows(10, 10, onClose(0)),
  },
  'windows whose rows go into other windows': {
    shuffles: 1,
    build: ([stream], late) =>
      stream!
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(2))
        .emitStrategy('onWindowClose')
        .reduce(all, { late })
        .toStream()
        .groupByKey()
        .windowedBy(TumblingWindows.of(20))
        .emitStrategy('onWindowClose')
        .reduce(all)
        .toStream()
        .map(({ key, window }, value) => [`${key.key} ${key.window.start}`, `${window.start} ${value}`]),
    specified: () => new SpecifiedWindowsInTurn(10, 2),
  },
  'hopping windows with allowed lateness': {
    shuffles: 1,
    build: ([stream], late) =>
      rowsByStart(
        stream!
          .groupByKey()
          .windowedBy(HoppingWindows.of(10).advanceBy(4).grace(2))
          .emitStrategy('onWindowClose', { allowedLateness: 8 })
          .reduce(all, { late }),
      ),
    specified: () => new SpecifiedWindows(10, 4, onClose(2, 8)),
  },
  'hopping windows that are suppressed until they close': {
    shuffles: 1,
    build: ([stream], late) =>
      rowsByStart(
        stream!
          .groupByKey()
          .windowedBy(HoppingWindows.of(10).advanceBy(4).grace(3))
          .reduce(all, { late })
          .suppress(Suppressed.untilWindowCloses()),
      ),
    specified: () => new SpecifiedWindows(10, 4, onClose(3)),
  },
  'sliding windows that hand on at their close': {
    shuffles: 1,
    inTime: true,
    build: ([stream], late) =>
      rowsByStart(
        stream!
          .groupByKey()
          .windowedBy(SlidingWindows.of(6).grace(2))
          .emitStrategy('onWindowClose')
          .reduce(inOrder, { late }),
      ),
    specified: () => new SpecifiedSlidingWindows(6, 2),
  },
  'sessions that hand on every update': {
    shuffles: 1,
    build: ([stream], late) =>
      stream!
        .groupByKey()
        .windowedBy(SessionWindows.of(4).grace(2))
        .reduce(all, { late })
        .toStream()
        .map(({ key, window }, value) => [
          key,
          value === null ? null : `${window.start}-${window.end} ${value}`,
        ]) as Stream,
    specified: () => new SpecifiedSessions(4, onUpdate(2)),
  },
  'sessions with allowed lateness': {
    shuffles: 1,
    build: ([stream], late) =>
      stream!
        .groupByKey()
        .windowedBy(SessionWindows.of(4))
        .emitStrategy('onWindowClose', { allowedLateness: 10 })
        .reduce(all, { late })
        .toStream()
        .map(({ key, window }, value) => [
          key,
          value === null ? null : `${window.start}-${window.end} ${value}`,
        ]) as Stream,
    specified: () => new SpecifiedSessions(4, onClose(0, 10)),
  },
  'an inner join': join('join', 3, 6),
  'a left join': join('leftJoin', 3, 6),
  'an outer join': join('outerJoin', 3, 6),
  'an outer join whose right side is always later': join('outerJoin', -3, 6),
}

function join(kind: 'join' | 'leftJoin' | 'outerJoin', before: number, after: number): Subject {
  const plus = (one: string | null, two: string | null): string => `${one}+${two}`
  const windows = JoinWindows.of(6).before(before).after(after).grace(2)
  return {
    shuffles: 2,
    build: ([left, right], late) => {
      const options = { ...serdes, late, otherLate: late }
      if (kind === 'join') return left!.join(right!, plus, windows, options)
      if (kind === 'leftJoin') return left!.leftJoin(right!, plus, windows, options)
      return left!.outerJoin(right!, plus, windows, options)
    },
    specified: () =>
      new SpecifiedJoin({
        left: 'rep0-repartition',
        before,
        after,
        grace: 2,
        keepsLeft: kind !== 'join',
        keepsRight: kind === 'outerJoin',
      }),
  }
}

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

for (const [name, subject] of Object.entries(SUBJECTS)) {
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
