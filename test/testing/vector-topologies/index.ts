import { aggregation } from './aggregation.js'
import { cogroup } from './cogroup.js'
import { emitFinal } from './emit-final.js'
import { errors } from './errors.js'
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
import { streamtime } from './streamtime.js'
import { suppress } from './suppress.js'
import { suppressWindows } from './suppress-windows.js'
import { timestamps } from './timestamps.js'
import { tumbling } from './tumbling.js'

/** The topologies of all vectors, by the name that vectors give them. */
export const vectorTopologies: Catalogue = {
  ...aggregation,
  ...cogroup,
  ...emitFinal,
  ...errors,
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
  ...streamtime,
  ...suppress,
  ...suppressWindows,
  ...timestamps,
  ...tumbling,
}
