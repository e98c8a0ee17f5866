import type { RowDerivation } from './derived-table.js'
import type { ValueTransformer } from './processor-api.js'
import { UserContext } from './user-context.js'
import { synchronous } from './user-function.js'

/** Gives each row a new value by a transformer of the user's, deletions too. */
export const tableTransformValues =
  <K, V, VR>(supplier: () => ValueTransformer<K, V, VR>) =>
  (): RowDerivation<K, V, VR> => {
    const transformer = synchronous(supplier())
    return {
      mayOmit: false,
      init: (context) => transformer.init?.(new UserContext(context)),
      rowOf: (key, value) => synchronous(transformer.transform(key, value)),
      close: () => transformer.close?.(),
    }
  }
