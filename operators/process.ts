import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type * as api from './processor-api.js'
import type { TimerQueue } from './timer-queue.js'
import type { TimersDeclaration } from './timers.js'
import { UserContext } from './user-context.js'
import { synchronous } from './user-function.js'

class ForwardingContext<K, V> extends UserContext<K, V> implements api.ProcessorContext<K, V> {
  forward({ key, value, timestamp, headers = NO_HEADERS }: api.ForwardedRecord<K, V>, child?: string): void {
    this.send(key, value, timestamp, headers, child)
  }
}

class UserProcessor<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
  private context!: ProcessorContext<KOut, VOut>
  private user!: ForwardingContext<KOut, VOut>
  private timers: TimerQueue<KIn> | undefined

  constructor(
    private readonly processor: api.Processor<KIn, VIn, KOut, VOut>,
    private readonly declared: TimersDeclaration<KIn> | undefined,
  ) {}

  init(context: ProcessorContext<KOut, VOut>): void {
    this.context = context
    const user = new ForwardingContext(context)
    this.user = user
    this.timers = user.open(this.declared, (timer) => {
      user.at(timer.timestamp, () => this.processor.onTimer?.(timer))
    })
    this.processor.init?.(user)
    this.timers?.resume()
  }

  process(key: KIn, value: VIn, timestamp: number): void {
    const { headers } = this.context.record
    this.timers?.begin(timestamp)
    this.user.at(timestamp, () => this.processor.process({ key, value, timestamp, headers }))
    this.timers?.fireDue()
  }

  close(): void {
    this.processor.close?.()
  }
}

/** Runs a processor of the user's, with the timers that it was declared with. */
export const process =
  <KIn, VIn, KOut, VOut>(
    supplier: () => api.Processor<KIn, VIn, KOut, VOut>,
    timers?: TimersDeclaration<KIn>,
  ): ProcessorSupplier<KIn, VIn, KOut, VOut> =>
  () =>
    new UserProcessor(synchronous(supplier()), timers)
