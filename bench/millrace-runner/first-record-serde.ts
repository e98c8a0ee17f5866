import type { Serde } from 'millrace'
import { report } from './runner-events.js'

/** Gives serdes that start the clock, and whatever else, when the first value is read by any of them. */
export function startingClock(onFirst: () => void = () => {}): <T>(serde: Serde<T>) => Serde<T> {
  let started = false
  const start = (): void => {
    started = true
    report('first', 0)
    onFirst()
  }
  return (serde) => ({
    name: serde.name,
    serialize: (value, target) => serde.serialize(value, target),
    deserialize: (source, from, to) => {
      if (!started) start()
      return serde.deserialize(source, from, to)
    },
  })
}
