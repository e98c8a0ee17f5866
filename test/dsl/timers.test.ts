import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type FixedKeyProcessorContext,
  ProcessingError,
  type Processor,
  type ProcessorContext,
  StreamsBuilder,
  string,
  type Timer,
  Timers,
  type Topology,
  TopologyBuilder,
  TumblingWindows,
  type WatermarkOption,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const texts = { key: string(), value: string() }
const declared = () => Timers.of('timers', { key: string() })
type Declared = ReturnType<typeof declared>
type Work = (timers: Timers<string>, key: string, value: string, context: TextContext) => void
type TextContext = ProcessorContext<string, string>

/** Does something at each record, and forwards each timer that fires. */
const telling = (
  timers: Declared,
  work: Work,
  then: (timers: Timers<string>, timer: Timer<string>, context: TextContext) => void = () => {},
): Processor<string, string, string, string> => {
  let context: TextContext
  return {
    init(given) {
      context = given
    },
    process({ key, value }) {
      work(context.timers(timers), key, value, context)
    },
    onTimer(timer) {
      const { key, timestamp, type } = timer
      context.forward({ key, value: `${type === 'event-time' ? 'e' : 'p'}${timestamp}`, timestamp })
      then(context.timers(timers), timer, context)
    },
  }
}

function topologyOf(
  work: Work,
  then?: (timers: Timers<string>, timer: Timer<string>, context: TextContext) => void,
  watermark?: WatermarkOption<string, string>,
): Topology {
  const timers = declared()
  const builder = new StreamsBuilder()
  builder
    .stream('in', { ...texts, watermark })
    .process(() => telling(timers, work, then), { timers })
    .to('out', texts)
  return builder.build()
}

/** Sets timers of event time at the times that a record's value names. */
const setAll: Work = (timers, key, value) => {
  for (const at of value.split(' ').filter((text) => text !== '')) timers.set('event-time', key, Number(at))
}

const drive = (driver: TopologyTestDriver) => {
  const input = driver.createInputTopic('in', texts)
  const output = driver.createOutputTopic('out', texts)
  return {
    pipe: (key: string, value: string, timestamp: number) => input.pipe(key, value, { timestamp }),
    read: () => output.readAll().map(({ key, value }) => `${key} ${value}`),
  }
}

describe('a timer of event time', () => {
  it('fires when a later record has come: others of its own time may still come before', () => {
    using driver = new TopologyTestDriver(topologyOf(setAll))
    const { pipe, read } = drive(driver)
    pipe('a', '10', 0)
    pipe('b', '', 10)
    assert.deepEqual(read(), [])
    pipe('b', '', 11)
    assert.deepEqual(read(), ['a e10'])
    pipe('b', '', 30)
    assert.deepEqual(read(), [])
  })

  it('fires when the watermark has reached it', () => {
    const watermark = Watermarks.boundedOutOfOrderness(5)
    using driver = new TopologyTestDriver(topologyOf(setAll, undefined, watermark))
    const { pipe, read } = drive(driver)
    pipe('a', '10', 0)
    pipe('b', '', 15)
    assert.deepEqual(read(), [])
    pipe('b', '', 16)
    assert.equal(driver.watermark, 10)
    assert.deepEqual(read(), ['a e10'])
  })

  it('fires at the end of the input', () => {
    const watermark = Watermarks.monotonous()
    using driver = new TopologyTestDriver(topologyOf(setAll, undefined, watermark))
    const { pipe, read } = drive(driver)
    pipe('a', '1000000', 0)
    driver.drain()
    assert.deepEqual(read(), ['a e1000000'])
  })

  it('fires in the order of times, and of keys where these are equal', () => {
    using driver = new TopologyTestDriver(topologyOf(setAll))
    const { pipe, read } = drive(driver)
    pipe('b', '30 10 300', 0)
    pipe('a', '10 20', 0)
    pipe('', '10', 0)
    pipe('c', '', 100)
    assert.deepEqual(read(), [' e10', 'a e10', 'b e10', 'a e20', 'b e30'])
  })

  it('fires once, however often it is set', () => {
    using driver = new TopologyTestDriver(topologyOf(setAll))
    const { pipe, read } = drive(driver)
    pipe('a', '10 10', 0)
    pipe('a', '10', 1)
    pipe('b', '', 20)
    assert.deepEqual(read(), ['a e10'])
  })

  it('does not fire where it was taken back', () => {
    const seen: boolean[] = []
    const work: Work = (timers, key, value) => {
      const [act, at] = value.split(' ')
      if (act === 'set') timers.set('event-time', key, Number(at))
      if (act === 'delete') seen.push(timers.delete('event-time', key, Number(at)))
      if (act === 'has') seen.push(timers.has('event-time', key, Number(at)))
    }
    using driver = new TopologyTestDriver(topologyOf(work))
    const { pipe, read } = drive(driver)
    pipe('a', 'set 10', 0)
    pipe('a', 'has 10', 0)
    pipe('b', 'set 10', 0)
    pipe('a', 'delete 10', 0)
    pipe('a', 'delete 10', 0)
    pipe('c', '', 20)
    assert.deepEqual(seen, [true, true, false])
    assert.deepEqual(read(), ['b e10'])
  })

  it('fires right after the record that sets it for a time that has passed', () => {
    const work: Work = (timers, key, value, context) => {
      setAll(timers, key, value, context)
      context.forward({ key, value: 'done', timestamp: 100 })
    }
    using driver = new TopologyTestDriver(topologyOf(work))
    const { pipe, read } = drive(driver)
    pipe('a', '99 100 3', 100)
    assert.deepEqual(read(), ['a done', 'a e3', 'a e99'])
  })

  it('fires with what is due when others set it', () => {
    const then = (timers: Timers<string>, { key, timestamp }: Timer<string>): void => {
      if (timestamp < 100) timers.set('event-time', key, timestamp + 30)
    }
    using driver = new TopologyTestDriver(topologyOf(setAll, then))
    const { pipe, read } = drive(driver)
    pipe('a', '10 35', 0)
    pipe('b', '', 80)
    assert.deepEqual(read(), ['a e10', 'a e35', 'a e40', 'a e65', 'a e70'])
  })

  it('fires when a schedule sets it for a time that has passed', () => {
    const timers = declared()
    const builder = new StreamsBuilder()
    builder
      .stream('in', texts)
      .process<string, string>(
        () => {
          const processor = telling(timers, () => {})
          return {
            ...processor,
            init(context) {
              processor.init?.(context)
              const set = () => context.timers(timers).set('event-time', 'a', 1)
              context.schedule(10, 'wall-clock', set)
            },
          }
        },
        { timers },
      )
      .to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const { pipe, read } = drive(driver)
    pipe('b', '', 50)
    driver.advanceWallClock(10)
    assert.deepEqual(read(), ['a e1'])
  })

  it('fires when one of the clock sets it for a time that has passed, before the next of the clock does', () => {
    using driver = new TopologyTestDriver(
      topologyOf(
        (timers, key) => {
          for (const at of [5, 6]) timers.set('processing-time', key, at)
        },
        (timers, { key, type }) => {
          if (type === 'processing-time') timers.set('event-time', key, 10)
        },
      ),
    )
    const { pipe, read } = drive(driver)
    pipe('a', '', 100)
    driver.advanceWallClock(10)
    assert.deepEqual(read(), ['a p5', 'a e10', 'a p6', 'a e10'])
  })

  it('hands on before those downstream have its time', () => {
    const timers = declared()
    const builder = new StreamsBuilder()
    builder
      .stream('in', { ...texts, watermark: Watermarks.monotonous() })
      .processValues(
        () => {
          let context: FixedKeyProcessorContext<string>
          return {
            init(given: FixedKeyProcessorContext<string>) {
              context = given
            },
            process({ key, timestamp }) {
              context.timers(timers).set('event-time', key, timestamp + 5)
            },
            onTimer({ timestamp }) {
              context.forward({ value: 'gone', timestamp })
            },
          }
        },
        { timers },
      )
      .groupByKey({ value: string() })
      .windowedBy(TumblingWindows.of(10))
      .emitStrategy('onWindowClose')
      .reduce((one, other) => `${one} ${other}`)
      .toStream()
      .map(({ key, window }, value) => [`${key}@${window.start}`, value])
      .to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const { pipe, read } = drive(driver)
    pipe('a', '', 1)
    pipe('a', '', 2)
    pipe('b', '', 50)
    assert.deepEqual(read(), ['a@0 gone gone'])
    assert.deepEqual([...driver.droppedRecords], [])
  })

  it('tells up to which time everything has come', () => {
    const seen: number[][] = []
    const work: Work = ({ currentEventTime, currentProcessingTime }) =>
      seen.push([currentEventTime, currentProcessingTime])
    using driver = new TopologyTestDriver(topologyOf(work), { initialWallClock: 7 })
    const { pipe } = drive(driver)
    pipe('a', '', 0)
    pipe('a', '', 20)
    pipe('a', '', 10)
    assert.deepEqual(seen, [
      [-1, 7],
      [19, 7],
      [19, 7],
    ])
  })
})

describe('a timer of processing time', () => {
  const setAt: Work = (timers, key, value) => timers.set('processing-time', key, Number(value))

  it('fires when the clock has reached it, in the order of times', () => {
    using driver = new TopologyTestDriver(topologyOf(setAt))
    const { pipe, read } = drive(driver)
    pipe('b', '20', 0)
    pipe('a', '20', 0)
    pipe('a', '10', 0)
    driver.advanceWallClock(9)
    assert.deepEqual(read(), [])
    driver.advanceWallClock(1)
    assert.deepEqual(read(), ['a p10'])
    driver.advanceWallClock(100)
    assert.deepEqual(read(), ['a p20', 'b p20'])
  })

  it('fires when the clock is looked at next, where its time has passed', () => {
    using driver = new TopologyTestDriver(topologyOf(setAt), { initialWallClock: 100 })
    const { pipe, read } = drive(driver)
    pipe('a', '20', 0)
    driver.advanceWallClock(0)
    assert.deepEqual(read(), ['a p20'])
  })

  it('does not wake for one that was taken back', () => {
    const work: Work = (timers, key, value) => {
      if (value === 'off') timers.delete('processing-time', key, 10)
      else timers.set('processing-time', key, Number(value))
    }
    using driver = new TopologyTestDriver(topologyOf(work))
    const { pipe, read } = drive(driver)
    pipe('a', '10', 0)
    pipe('a', '30', 0)
    pipe('a', 'off', 0)
    driver.advanceWallClock(20)
    assert.deepEqual(read(), [])
    driver.advanceWallClock(10)
    assert.deepEqual(read(), ['a p30'])
  })

  it('fires with what is due when others set it', () => {
    const then = (timers: Timers<string>, { key, timestamp }: Timer<string>): void => {
      if (timestamp < 100) timers.set('processing-time', key, timestamp + 30)
    }
    using driver = new TopologyTestDriver(topologyOf(setAt, then))
    const { pipe, read } = drive(driver)
    pipe('a', '10', 0)
    driver.advanceWallClock(75)
    assert.deepEqual(read(), ['a p10', 'a p40', 'a p70'])
    driver.advanceWallClock(25)
    assert.deepEqual(read(), ['a p100'])
  })

  it('is another one than that of event time', () => {
    const work: Work = (timers, key) => {
      timers.set('processing-time', key, 10)
      timers.set('event-time', key, 10)
    }
    using driver = new TopologyTestDriver(topologyOf(work))
    const { pipe, read } = drive(driver)
    pipe('a', '', 0)
    driver.advanceWallClock(10)
    assert.deepEqual(read(), ['a p10'])
    pipe('b', '', 20)
    assert.deepEqual(read(), ['a e10', 'b e10'])
  })
})

describe('a timer that fires', () => {
  it('has no record in hand, and leaves that of others as it is', () => {
    const seen: unknown[] = []
    const timers = declared()
    const builder = new StreamsBuilder()
    const input = builder.stream('in', texts)
    input.process(
      () =>
        telling(timers, setAll, (_, __, { recordMetadata }) => {
          seen.push(recordMetadata)
        }),
      { timers },
    )
    input.to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const input0 = driver.createInputTopic('in', texts)
    const headers = [{ key: 'h', value: Buffer.from('1') }]
    input0.pipe('a', '3', { timestamp: 100, headers })
    assert.deepEqual(seen, [undefined])
    assert.deepEqual(driver.createOutputTopic('out', texts).readAll()[0]?.headers, headers)
  })

  it('is not there any more, and can be set anew', () => {
    const seen: boolean[] = []
    const then = (timers: Timers<string>, { type, key, timestamp }: Timer<string>): void => {
      seen.push(timers.has(type, key, timestamp))
      if (seen.length < 3) timers.set(type, key, timestamp)
    }
    using driver = new TopologyTestDriver(topologyOf(setAll, then))
    const { pipe, read } = drive(driver)
    pipe('a', '3', 10)
    assert.deepEqual(seen, [false, false, false])
    assert.deepEqual(read(), ['a e3', 'a e3', 'a e3'])
  })

  it('names its operator where its function fails, and is over', () => {
    const fail = (): void => {
      throw new Error('no')
    }
    const topology = topologyOf(setAll, fail)
    {
      using driver = new TopologyTestDriver(topology)
      assert.throws(
        () => drive(driver).pipe('a', '3', 10),
        (error) => error instanceof ProcessingError && error.operator.startsWith('KSTREAM-PROCESSOR-'),
      )
    }
    using driver = new TopologyTestDriver(topology, { processingExceptionHandler: 'continue' })
    const { pipe, read } = drive(driver)
    pipe('a', '3 4', 10)
    assert.deepEqual(read(), ['a e3', 'a e4'])
    assert.deepEqual([...driver.droppedRecords.values()], [2])
  })
})

describe('timers', () => {
  it('fire once each where they are many, and the task begins again between their steps', async () => {
    const times = Array.from({ length: 2500 }, (_, at) => at)
    const work: Work = (timers, key, value) => {
      if (value === 'set') for (const at of times) timers.set('event-time', key, at)
      if (value === 'clock') for (const at of times) timers.set('processing-time', key, at)
    }
    const driver = new RestartingDriver(topologyOf(work), {}, true)
    const input = driver.createInputTopic('in', texts)
    const output = driver.createOutputTopic('out', texts)
    const fired = () => output.readAll().map(({ value }) => value)
    input.pipe('a', 'set', { timestamp: 0 })
    await driver.settle()
    input.pipe('b', '', { timestamp: 10_000 })
    await driver.finish()
    assert.ok(driver.steps > 3)
    assert.deepEqual(
      fired(),
      times.map((at) => `e${at}`),
    )

    input.pipe('a', 'clock', { timestamp: 0 })
    await driver.settle()
    driver.advanceWallClock(10_000)
    await driver.finish()
    // What is left is overdue, and fires when the clock is looked at next.
    driver.advanceWallClock(0)
    await driver.finish()
    driver.advanceWallClock(0)
    assert.deepEqual(
      fired(),
      times.map((at) => `p${at}`),
    )
  })

  it('are refused where they are for no key, no time or nothing', () => {
    const bad = (work: Work, message: RegExp) => {
      using driver = new TopologyTestDriver(topologyOf(work))
      assert.throws(
        () => drive(driver).pipe('a', '', 0),
        ({ cause }: Error) => message.test(String((cause as Error).message)),
      )
    }
    bad(
      (timers) => timers.set('event-time', null as never, 1),
      /timers timers: a timer is for a key, got null/,
    )
    bad((timers, key) => timers.set('event-time', key, 0.5), /cannot be set for 0.5: epoch milliseconds/)
    bad((timers, key) => timers.set('event-time', key, -1), /cannot be set for -1/)
    bad((timers, key) => timers.set('event' as never, key, 1), /'event' is neither/)
    bad(
      (_, __, ___, context) => context.timers(declared()),
      /has no timers timers: give it the option timers/,
    )
  })

  it('are an option of a TopologyBuilder, too', () => {
    const timers = declared()
    const topology = new TopologyBuilder()
      .addSource('in', 'in', texts)
      .addProcessor('tell', () => telling(timers, setAll), ['in'], { timers })
      .addSink('out', 'out', ['tell'], texts)
      .build()
    using driver = new TopologyTestDriver(topology)
    const { pipe, read } = drive(driver)
    pipe('a', '3', 10)
    assert.deepEqual(read(), ['a e3'])
  })
})
