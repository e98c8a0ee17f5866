import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type * as api from './processor-api.js'
import type { TimerQueue } from './timer-queue.js'
import type { TimersDeclaration } from './timers.js'
import { UserContext } from './user-context.js'
import { synchronous } from './user-function.js'

class FixedKeyContext<K, V> extends UserContext<K, V> implements api.FixedKeyProcessorContext<V> {
  /** That of the record in hand, or of the timer that fires. */
  private key: { readonly of: K } | undefined

  forward({ value, timestamp, headers = NO_HEADERS }: api.ForwardedValue<V>, child?: string): void {
    if (this.key === undefined) {
      throw new Error(
        'there is no record in hand whose key could be kept: forward from a schedule with process()',
      )
    }
    this.send(this.key.of, value, timestamp, headers, child)
  }

  /** Runs what is done for a record or timer of this key and time. */
  for(key: K, timestamp: number, work: () => unknown): void {
    this.key = { of: key }
    this.at(timestamp, work)
    this.key = undefined
  }
}

class FixedKeyUserProcessor<K, V, VOut> implements Processor<K, V, K, VOut> {
  private context!: ProcessorContext<K, VOut>
  private user!: FixedKeyContext<K, VOut>
  private timers: TimerQueue<K> | undefined

  constructor(
    private readonly processor: api.FixedKeyProcessor<K, V, VOut>,
    private readonly declared: TimersDeclaration<K> | undefined,
  ) {}

  init(context: ProcessorContext<K, VOut>): void {
    this.context = context
    const user = new FixedKeyContext<K, VOut>(context)
    this.user = user
    this.timers = user.open(this.declared, (timer) => {
      user.for(timer.key, timer.timestamp, () => this.processor.onTimer?.(timer))
    })
    this.processor.init?.(user)
    this.timers?.resume()
  }

  process(key: K, value: V, timestamp: number): void {
    const { headers } = this.context.record
    this.timers?.begin(timestamp)
    this.user.for(key, timestamp, () => this.processor.process({ key, value, timestamp, headers }))
    this.timers?.fireDue()
  }

  close(): void {
    this.processor.close?.()
  }
}

/** Runs a processor of the user's that may not change keys, with the timers that it was declared with. */
export const processValues =
  <K, V, VOut>(
    supplier: () => api.FixedKeyProcessor<K, V, VOut>,
    timers?: TimersDeclaration<K>,
  ): ProcessorSupplier<K, V, K, VOut> =>
  () =>
    new FixedKeyUserProcessor(synchronous(supplier()), timers)
