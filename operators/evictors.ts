import type { Evictor, WindowElement } from './evictor.js'
import { synchronous } from './user-function.js'

type Keep<V> = <E extends WindowElement<V>>(elements: readonly E[]) => readonly E[]

const evicting = <V>(keep: Keep<V>, after: boolean): Evictor<V> =>
  after ? { evictAfter: keep } : { evictBefore: keep }

/** Keeps the last ones, in the order in which they came. */
export const countEvictor = (most: number, after: boolean): Evictor<unknown> =>
  evicting((elements) => (elements.length <= most ? elements : elements.slice(-most)), after)

/** Keeps those that are less than an interval older than the newest one, wherever they stand. */
export const timeEvictor = (interval: number, after: boolean): Evictor<unknown> =>
  evicting((elements) => {
    let newest = Number.NEGATIVE_INFINITY
    for (const { timestamp } of elements) newest = Math.max(newest, timestamp)
    return elements.filter(({ timestamp }) => timestamp > newest - interval)
  }, after)

/** Keeps those whose distance to the one that came last is less than a threshold. */
export const deltaEvictor = <V>(
  threshold: number,
  distance: (value: V, last: V) => number,
  after: boolean,
): Evictor<V> =>
  evicting((elements) => {
    const last = elements.at(-1)
    if (last === undefined) return elements
    return elements.filter(({ value }) => !(synchronous(distance(value, last.value)) >= threshold))
  }, after)
