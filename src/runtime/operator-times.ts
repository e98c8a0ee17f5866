import type { OperatorProgress } from '../../operators/processor.js'
import { type EventClock, StreamTimeClock } from '../time/event-clock.js'
import type { ProcessorNode } from '../topology/sub-topology.js'

const RADIX = 36

/** Where an operator stands in event time. */
interface OperatorTime {
  readonly clock: EventClock
  readonly progress: OperatorProgress
}

/** What was committed of an operator. */
interface CommittedTime {
  readonly now: number
  readonly closeTime: number
}

/**
 * Where the operators of a task that keep state stand in event time. It is committed with the offsets: which records
 * are late, and which windows were handed on, does not depend on when the task began.
 *
 * As text, for each operator that has seen a record: its store, its event time and the close time last handed on for,
 * in base 36. Stores are numbered by name, since those of one topology are always the same; operators on one store
 * in the order of the topology.
 */
export class OperatorTimes {
  private readonly operators = new Map<string, OperatorTime>()
  private readonly storeNames: readonly string[]
  private readonly onStore = new Map<string, number>()
  private readonly committed: ReadonlyMap<string, CommittedTime>

  constructor(
    stores: Iterable<string>,
    /** What was committed, of each input partition that has an offset. */
    committed: readonly string[],
  ) {
    this.storeNames = [...stores].sort()
    this.committed = latest(committed)
  }

  /** The clock of an operator and what is committed beside; of one without store they begin anew. */
  of({ stores }: ProcessorNode): OperatorTime {
    const [store] = stores
    if (store === undefined) return { clock: new StreamTimeClock(), progress: { closeTime: -1 } }
    const before = this.onStore.get(store) ?? 0
    this.onStore.set(store, before + 1)
    const number = this.storeNames.indexOf(store).toString(RADIX)
    const id = before === 0 ? number : `${number}~${before}`
    const { now, closeTime } = this.committed.get(id) ?? { now: -1, closeTime: -1 }
    const time = { clock: new StreamTimeClock(now), progress: { closeTime } }
    this.operators.set(id, time)
    return time
  }

  /** As it is committed. */
  encode(): string {
    const parts: string[] = []
    for (const [id, { clock, progress }] of this.operators) {
      if (clock.now < 0) continue
      const emitted = progress.closeTime < 0 ? '' : `.${progress.closeTime.toString(RADIX)}`
      parts.push(`${id}.${clock.now.toString(RADIX)}${emitted}`)
    }
    return parts.join(',')
  }
}

/** Every partition of a task was committed with the times of all operators, some longer ago than others. */
function latest(committed: readonly string[]): Map<string, CommittedTime> {
  const times = new Map<string, CommittedTime>()
  for (const part of committed.flatMap((text) => (text === '' ? [] : text.split(',')))) {
    const [id, now, closeTime] = part.split('.') as [string, string, string?]
    const before = times.get(id)
    times.set(id, {
      now: Math.max(before?.now ?? -1, Number.parseInt(now, RADIX)),
      closeTime: Math.max(
        before?.closeTime ?? -1,
        closeTime === undefined ? -1 : Number.parseInt(closeTime, RADIX),
      ),
    })
  }
  return times
}
