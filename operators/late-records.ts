import type { Downstream, ProcessorContext } from './processor.js'

/** Where the records of an operator go that are too late for it: they are counted, and handed on to who asked for them. */
export class LateRecords<K, V> {
  private readonly output: Downstream<K, V> | undefined

  /** @param output the child that takes them; undefined: nobody does */
  constructor(
    private readonly context: ProcessorContext<unknown, unknown>,
    output: string | undefined,
  ) {
    this.output = output === undefined ? undefined : (context.child(output) as Downstream<unknown, unknown>)
  }

  /** Takes a record that has no effect at all. */
  drop(key: K, value: V, timestamp: number): void {
    this.context.dropped('late')
    this.output?.process(key, value, timestamp)
  }

  /** Hands on a record that was late for all the windows that it is in, each of which was counted. */
  handOn(key: K, value: V, timestamp: number): void {
    this.output?.process(key, value, timestamp)
  }
}
