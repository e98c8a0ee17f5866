import type { Serde } from 'millrace'
import { report } from './runner-events.js'

/** Starts the clock, and whatever else, when the first record's value is read. */
export function startingClock<T>(serde: Serde<T>, onFirst: () => void = () => {}): Serde<T> {
  let started = false
  return {
    name: serde.name,
    serialize: (value, target) => serde.serialize(value, target),
    deserialize: (source, start, end) => {
      if (!started) {
        started = true
        report('first', 0)
        onFirst()
      }
      return serde.deserialize(source, start, end)
    },
  }
}
