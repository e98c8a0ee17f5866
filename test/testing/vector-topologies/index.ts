import { aggregation } from './aggregation.js'
import { allJoins } from './all-joins.js'
import { cogroup } from './cogroup.js'
import { emitFinal } from './emit-final.js'
import { errors } from './errors.js'
import { fkjoin } from './fkjoin.js'
import { globalJoins } from './global-joins.js'
import { headers } from './headers.js'
import { hopping } from './hopping.js'
import type { Catalogue } from './inputs.js'
import { ktable, ktableGroupBy } from './ktable.js'
import { processors } from './processors.js'
import { repartition } from './repartition.js'
import { session } from './session.js'
import { sliding } from './sliding.js'
import { ssjoin } from './ssjoin.js'
import { stateless } from './stateless.js'
import { streamTableJoins } from './stream-table-joins.js'
import { streamtime } from './streamtime.js'
import { suppress } from './suppress.js'
import { suppressWindows } from './suppress-windows.js'
import { tableJoins } from './table-joins.js'
import { timestamps } from './timestamps.js'
import { tumbling } from './tumbling.js'
import { versioned } from './versioned.js'

/** The topologies of all vectors, by the name that vectors give them. */
export const vectorTopologies: Catalogue = {
  ...aggregation,
  ...allJoins,
  ...cogroup,
  ...emitFinal,
  ...errors,
  ...globalJoins,
  ...fkjoin,
  ...headers,
  ...hopping,
  ...ktable,
  ...ktableGroupBy,
  ...processors,
  ...repartition,
  ...session,
  ...sliding,
  ...ssjoin,
  ...stateless,
  ...streamTableJoins,
  ...streamtime,
  ...suppress,
  ...suppressWindows,
  ...tableJoins,
  ...timestamps,
  ...tumbling,
  ...versioned,
}
