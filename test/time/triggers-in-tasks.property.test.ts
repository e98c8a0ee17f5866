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
import { holdToSpecification, type Late, type Stream, type Subject } from './model/subject.js'

const all = (one: string, other: string): string => `${one} ${other}`
const further = (last: string, value: string): number => Number(value) - Number(last)
const {
  count,
  delta,
  continuousEventTime,
  continuousProcessingTime,
  eventTime,
  processingTime,
  processingTimeout,
} = specifiedTriggers

type Grouped = ReturnType<Stream['groupByKey']>
type Results = KStream<Windowed<string>, string>

/** Windows of one stream, whose results are shown as `start-end value`. */
const subject = (
  windows: (grouped: Grouped, late: Late) => Results,
  specified: Subject['specified'],
): Subject => ({
  shuffles: 1,
  build: ([stream], late) =>
    windows(stream!.groupByKey(), late).map(({ key, window }, value) => [
      key,
      `${window.start}-${window.end} ${value}`,
    ]),
  specified,
})

const SUBJECTS: Readonly<Record<string, Subject>> = {
  'tumbling windows around their end': subject(
    (grouped, late) =>
      grouped
        .windowedBy(TumblingWindows.of(10).grace(8))
        .trigger(Triggers.eventTime({ early: Triggers.count(2), late: Triggers.count(3) }))
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ size: 10, advance: 10, grace: 8 }, eventTime(count(2), count(3))),
  ),
  'tumbling windows that are purged': subject(
    (grouped, late) =>
      grouped
        .windowedBy(TumblingWindows.of(10).grace(8))
        .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.continuousEventTime(4) })))
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows(
        { size: 10, advance: 10, grace: 8 },
        eventTime(continuousEventTime(4)),
        'discarding',
      ),
  ),
  'hopping windows by event time': subject(
    (grouped, late) =>
      grouped
        .windowedBy(HoppingWindows.of(10).advanceBy(4).grace(5))
        .trigger(Triggers.continuousEventTime(3))
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ size: 10, advance: 4, grace: 5 }, continuousEventTime(3)),
  ),
  'hopping windows by the distance of their values': subject(
    (grouped, late) =>
      grouped
        .windowedBy(HoppingWindows.of(10).advanceBy(5))
        .trigger(Triggers.eventTime({ early: Triggers.delta(8, further, { value: string() }) }))
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ size: 10, advance: 5, grace: 0 }, eventTime(delta(8))),
  ),
  'sessions around their end': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(4).grace(6))
        .trigger(Triggers.eventTime({ early: Triggers.count(3), late: Triggers.count(2) }))
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ gap: 4, grace: 6 }, eventTime(count(3), count(2))),
  ),
  'sessions by event time': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(4).grace(9))
        .trigger(Triggers.continuousEventTime(3))
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ gap: 4, grace: 9 }, continuousEventTime(3)),
  ),
  'sessions that are purged': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(5).grace(6))
        .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.continuousEventTime(4) })))
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows({ gap: 5, grace: 6 }, eventTime(continuousEventTime(4)), 'discarding'),
  ),
  'global windows by the distance of their values, purged': subject(
    (grouped) =>
      grouped
        .windowedBy(GlobalWindows.of())
        .trigger(Triggers.purging(Triggers.delta(6, further, { value: string() })))
        .reduce(all),
    () => new SpecifiedTriggeredWindows('global', delta(6), 'discarding'),
  ),
  'tumbling windows at their end by the clock': subject(
    (grouped, late) =>
      grouped
        .windowedBy(TumblingWindows.of(20).grace(30))
        .trigger(Triggers.processingTime())
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ size: 20, advance: 20, grace: 30 }, processingTime),
  ),
  'sessions at their end by the clock': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(4).grace(30))
        .trigger(Triggers.processingTime())
        .reduce(all, { late }),
    () => new SpecifiedTriggeredWindows({ gap: 4, grace: 30 }, processingTime),
  ),
  'hopping windows by the clock, purged': subject(
    (grouped, late) =>
      grouped
        .windowedBy(HoppingWindows.of(10).advanceBy(5).grace(9))
        .trigger(Triggers.purging(Triggers.continuousProcessingTime(7)))
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows(
        { size: 10, advance: 5, grace: 9 },
        continuousProcessingTime(7),
        'discarding',
      ),
  ),
  'sessions around their end by the clock': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(4).grace(9))
        .trigger(
          Triggers.eventTime({
            early: Triggers.continuousProcessingTime(7),
            late: Triggers.continuousProcessingTime(5),
          }),
        )
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows(
        { gap: 4, grace: 9 },
        eventTime(continuousProcessingTime(7), continuousProcessingTime(5)),
      ),
  ),
  'sessions until a timeout, purged': subject(
    (grouped, late) =>
      grouped
        .windowedBy(SessionWindows.of(4).grace(9))
        .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(3), 12)))
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows(
        { gap: 4, grace: 9 },
        processingTimeout(count(3), 12, false),
        'discarding',
      ),
  ),
  'global windows until nothing has come for a while, purged': subject(
    (grouped) =>
      grouped
        .windowedBy(GlobalWindows.of())
        .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(4), 9, { renew: true })))
        .reduce(all),
    () => new SpecifiedTriggeredWindows('global', processingTimeout(count(4), 9, true), 'discarding'),
  ),
  'tumbling windows until a timeout or their end': subject(
    (grouped, late) =>
      grouped
        .windowedBy(TumblingWindows.of(10).grace(5))
        .trigger(Triggers.processingTimeout(Triggers.eventTime(), 9))
        .reduce(all, { late }),
    () =>
      new SpecifiedTriggeredWindows(
        { size: 10, advance: 10, grace: 5 },
        processingTimeout(eventTime(), 9, false),
      ),
  ),
  'global windows by event time': subject(
    (grouped) => grouped.windowedBy(GlobalWindows.of()).trigger(Triggers.continuousEventTime(7)).reduce(all),
    () => new SpecifiedTriggeredWindows('global', continuousEventTime(7)),
  ),
}

holdToSpecification(SUBJECTS)
