import {
  GlobalWindows,
  HoppingWindows,
  type KStream,
  SessionWindows,
  string,
  Triggers,
  TumblingWindows,
  type Windowed,
} from '../../src/index.js'
import { SpecifiedTriggeredWindows } from './model/specified-triggered-windows.js'
import { specifiedTriggers } from './model/specified-triggers.js'
import { holdToSpecification, type Stream, type Subject } from './model/subject.js'

const all = (one: string, other: string): string => `${one} ${other}`
const further = (last: string, value: string): number => Number(value) - Number(last)
const { count, delta, continuousEventTime, eventTime } = specifiedTriggers

const rows = (results: KStream<Windowed<string>, string>): Stream =>
  results.map(({ key, window }, value) => [key, `${window.start}-${window.end} ${value}`])

const SUBJECTS: Readonly<Record<string, Subject>> = {
  'tumbling windows around their end': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(TumblingWindows.of(10).grace(8))
          .trigger(Triggers.eventTime({ early: Triggers.count(2), late: Triggers.count(3) }))
          .reduce(all, { late }),
      ),
    specified: () =>
      new SpecifiedTriggeredWindows({ size: 10, advance: 10, grace: 8 }, eventTime(count(2), count(3))),
  },
  'tumbling windows that are purged': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(TumblingWindows.of(10).grace(8))
          .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.continuousEventTime(4) })))
          .reduce(all, { late }),
      ),
    specified: () =>
      new SpecifiedTriggeredWindows(
        { size: 10, advance: 10, grace: 8 },
        eventTime(continuousEventTime(4)),
        'discarding',
      ),
  },
  'hopping windows by event time': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(HoppingWindows.of(10).advanceBy(4).grace(5))
          .trigger(Triggers.continuousEventTime(3))
          .reduce(all, { late }),
      ),
    specified: () =>
      new SpecifiedTriggeredWindows({ size: 10, advance: 4, grace: 5 }, continuousEventTime(3)),
  },
  'hopping windows by the distance of their values': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(HoppingWindows.of(10).advanceBy(5))
          .trigger(Triggers.eventTime({ early: Triggers.delta(8, further, { value: string() }) }))
          .reduce(all, { late }),
      ),
    specified: () => new SpecifiedTriggeredWindows({ size: 10, advance: 5, grace: 0 }, eventTime(delta(8))),
  },
  'sessions around their end': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(SessionWindows.of(4).grace(6))
          .trigger(Triggers.eventTime({ early: Triggers.count(3), late: Triggers.count(2) }))
          .reduce(all, { late }),
      ),
    specified: () => new SpecifiedTriggeredWindows({ gap: 4, grace: 6 }, eventTime(count(3), count(2))),
  },
  'sessions by event time': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(SessionWindows.of(4).grace(9))
          .trigger(Triggers.continuousEventTime(3))
          .reduce(all, { late }),
      ),
    specified: () => new SpecifiedTriggeredWindows({ gap: 4, grace: 9 }, continuousEventTime(3)),
  },
  'sessions that are purged': {
    shuffles: 1,
    build: ([stream], late) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(SessionWindows.of(5).grace(6))
          .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.continuousEventTime(4) })))
          .reduce(all, { late }),
      ),
    specified: () =>
      new SpecifiedTriggeredWindows({ gap: 5, grace: 6 }, eventTime(continuousEventTime(4)), 'discarding'),
  },
  'global windows by the distance of their values, purged': {
    shuffles: 1,
    build: ([stream]) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(GlobalWindows.of())
          .trigger(Triggers.purging(Triggers.delta(6, further, { value: string() })))
          .reduce(all),
      ),
    specified: () => new SpecifiedTriggeredWindows('global', delta(6), 'discarding'),
  },
  'global windows by event time': {
    shuffles: 1,
    build: ([stream]) =>
      rows(
        stream!
          .groupByKey()
          .windowedBy(GlobalWindows.of())
          .trigger(Triggers.continuousEventTime(7))
          .reduce(all),
      ),
    specified: () => new SpecifiedTriggeredWindows('global', continuousEventTime(7)),
  },
}

holdToSpecification(SUBJECTS)
