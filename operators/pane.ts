import type { Serde } from '../src/serdes/serde.js'
import { SizedReader, serializeSized } from '../src/serdes/sized-fields.js'
import type { Window } from '../src/windows/window.js'

/** What is kept of a window of a key until the window is gone. */
export interface Pane<A, S> extends Window {
  /** The greatest timestamp of its records. */
  readonly timestamp: number
  /** What its records have made; undefined: nothing, or it was dropped. */
  readonly value: A | undefined
  /** What the trigger keeps; undefined: nothing. */
  readonly state: S | undefined
}

const VALUE = 1
const STATE = 2

/** The windows of a key, one after the other. */
export function panes<A, S>(value: Serde<A>, state: Serde<S> | undefined): Serde<readonly Pane<A, S>[]> {
  const name = `panes(${value.name})`
  return {
    name,
    parts: state === undefined ? [value] : [value, state],
    serialize: (list, target) => {
      target.writeInt32(list.length)
      for (const pane of list) {
        target.writeInt64(pane.start)
        target.writeInt64(pane.end)
        target.writeInt64(pane.timestamp)
        target.writeInt8((pane.value === undefined ? 0 : VALUE) | (pane.state === undefined ? 0 : STATE))
        if (pane.value !== undefined) serializeSized(value, pane.value, target)
        if (pane.state !== undefined) serializeSized(state!, pane.state, target)
      }
    },
    deserialize: (source, start, end) => {
      const reader = new SizedReader(source, start, end, name)
      return Array.from({ length: reader.int32() }, () => {
        const [from, to, timestamp] = [reader.int64(), reader.int64(), reader.int64()]
        const present = reader.int8()
        return {
          start: from,
          end: to,
          timestamp,
          value: (present & VALUE) === 0 ? undefined : reader.value(value),
          state: (present & STATE) === 0 ? undefined : reader.value(state!),
        }
      })
    },
  }
}
