import {
  HoppingWindows,
  JoinWindows,
  SessionWindows,
  SlidingWindows,
  Suppressed,
  TumblingWindows,
} from '../../src/index.js'
import { SpecifiedJoin } from './model/specified-join.js'
import { SpecifiedSessions } from './model/specified-sessions.js'
import { SpecifiedSlidingWindows } from './model/specified-sliding-windows.js'
import { type Closing, SpecifiedWindows } from './model/specified-windows.js'
import { SpecifiedWindowsInTurn } from './model/specified-windows-in-turn.js'
import { holdToSpecification, type Stream, type Subject, serdes } from './model/subject.js'
import { rowsByStart } from './rows-by-start.js'

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

holdToSpecification(SUBJECTS)
