import type { Serde } from '../serdes/serde.js'
import type { StreamAggregator } from './aggregator.js'
import type { BinScale } from './bin-scale.js'
import { DDSketch } from './dd-sketch.js'
import type { QuantileSketch } from './quantile-sketch.js'
import { QuantileSketchSerde } from './quantile-sketch-serde.js'

/** Sketches how numbers in values are spread. */
export class SketchingQuantiles<V> implements StreamAggregator<V, QuantileSketch> {
  readonly serde: Serde<QuantileSketch>

  constructor(
    private readonly by: (value: V) => number | null | undefined,
    private readonly scale: BinScale,
  ) {
    this.serde = new QuantileSketchSerde(scale)
  }

  initializer(): QuantileSketch {
    return DDSketch.empty(this.scale)
  }

  aggregator(_key: unknown, value: V, sketch: QuantileSketch = this.initializer()): QuantileSketch {
    const number = this.by(value)
    return number === null || number === undefined ? sketch : (sketch as DDSketch).with(number)
  }

  merger(_key: unknown, left: QuantileSketch | undefined, right: QuantileSketch): QuantileSketch {
    return left === undefined ? right : left.merge(right)
  }
}
