import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type * as api from './processor-api.js'
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

  constructor(private readonly processor: api.Processor<KIn, VIn, KOut, VOut>) {}

  init(context: ProcessorContext<KOut, VOut>): void {
    this.context = context
    this.user = new ForwardingContext(context)
    this.processor.init?.(this.user)
  }

  process(key: KIn, value: VIn, timestamp: number): void {
    const { headers } = this.context.record
    this.user.at(timestamp, () => this.processor.process({ key, value, timestamp, headers }))
  }

  close(): void {
    this.processor.close?.()
  }
}

/** Runs a processor of the user's. */
export const process =
  <KIn, VIn, KOut, VOut>(
    supplier: () => api.Processor<KIn, VIn, KOut, VOut>,
  ): ProcessorSupplier<KIn, VIn, KOut, VOut> =>
  () =>
    new UserProcessor(synchronous(supplier()))
