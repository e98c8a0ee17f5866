import type { Change } from './change.js'
import { DerivedTableProcessor } from './derived-table.js'
import type { ProcessorContext, ProcessorSupplier } from './processor.js'
import type { ValueTransformer } from './processor-api.js'
import type { TableRows } from './table-source.js'
import { UserContext } from './user-context.js'
import { synchronous } from './user-function.js'

class TransformValuesProcessor<K, V, VR> extends DerivedTableProcessor<K, V, VR> {
  protected readonly mayOmit = false

  constructor(
    private readonly transformer: ValueTransformer<K, V, VR>,
    rows: TableRows,
  ) {
    super(rows)
  }

  override init(context: ProcessorContext<K, Change<VR>>): void {
    super.init(context)
    this.transformer.init?.(new UserContext(context))
  }

  protected rowOf(key: K, value: V | null): VR {
    return synchronous(this.transformer.transform(key, value))
  }

  close(): void {
    this.transformer.close?.()
  }
}

/** Gives each row a new value by a transformer of the user's, deletions too. */
export const tableTransformValues =
  <K, V, VR>(
    supplier: () => ValueTransformer<K, V, VR>,
    rows: TableRows,
  ): ProcessorSupplier<K, Change<V>, K, Change<VR>> =>
  () =>
    new TransformValuesProcessor(synchronous(supplier()), rows)
