import {
  GeneratedWatermarks,
  recordWatermarks,
  TimestampWatermarks,
  type WatermarkOption,
  type WatermarkStrategy,
} from '../time/watermark-strategy.js'
import type { Erased } from '../topology/logical-graph.js'
import type { GraphBuilder } from './graph-builder.js'

/** The strategy that a source is given. */
export function watermarkStrategy(
  builder: GraphBuilder,
  source: string,
  option: WatermarkOption<Erased, Erased> | undefined,
): WatermarkStrategy<Erased, Erased> | undefined {
  if (option === undefined) return undefined
  const strategy: unknown = typeof option === 'function' ? option(recordWatermarks()) : option
  if (strategy instanceof TimestampWatermarks || strategy instanceof GeneratedWatermarks) return strategy
  const cure = 'take one of Watermarks, or a function: watermark: ({ punctuated }) => punctuated(...)'
  builder.refuse(source, 'its watermark is no strategy', cure)
  return undefined
}
