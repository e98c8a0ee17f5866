import type { Downstream } from '../../operators/processor.js'

/** Hands each record to several children, one after the other, each with all that it causes. */
class FanOut<K, V> implements Downstream<K, V> {
  constructor(private readonly children: readonly Downstream<K, V>[]) {}

  process(key: K, value: V, timestamp: number): void {
    const { children } = this
    for (let index = 0; index < children.length; index++) children[index]!.process(key, value, timestamp)
  }
}

/** What has no children still processes: it may write a store. */
const NOWHERE: Downstream<unknown, unknown> = { process: () => undefined }

/** The children as one: a single child is called directly. */
export function fanOut<K, V>(children: readonly Downstream<K, V>[]): Downstream<K, V> {
  if (children.length === 0) return NOWHERE
  return children.length === 1 ? children[0]! : new FanOut(children)
}
