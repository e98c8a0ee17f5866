import type { EmitStrategy } from '../../operators/final-emission.js'
import { parseDuration } from '../time/duration.js'
import type { GraphBuilder } from './graph-builder.js'
import type { EmitOnCloseOptions } from './operator-options.js'

/** How long a window takes records after its result was handed on, milliseconds. */
export function allowedLateness(
  builder: GraphBuilder,
  strategy: EmitStrategy,
  { allowedLateness: allowed = 0 }: EmitOnCloseOptions,
): number {
  const millis = parseDuration('emitStrategy: allowedLateness', allowed)
  if (millis > 0 && strategy !== 'onWindowClose') {
    const problem = 'allowedLateness is for results that are handed on when their windows close'
    builder.refuse(`emitStrategy('${strategy}')`, problem, 'give the windows more grace instead')
  }
  return millis
}
