import type { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import { SerdeError } from '../serdes/serde-error.js'
import { SizedReader } from '../serdes/sized-fields.js'
import { BinScale } from './bin-scale.js'
import { Bins } from './bins.js'
import { DDSketch } from './dd-sketch.js'
import type { QuantileSketch } from './quantile-sketch.js'
import { Versions } from './versions.js'

const VERSION = 1
const NAME = 'quantileSketch'

/**
 * Version (a byte); relative accuracy, least and greatest number (8 bytes each); then as varlongs the number of bins at
 * most, and for each bin how far it is from the one before, and its count: equal sketches have equal bytes.
 */
export class QuantileSketchSerde implements Serde<QuantileSketch> {
  readonly name = NAME

  /** @param scale that of the sketches which are mostly read, to be shared by them. */
  constructor(private readonly scale: BinScale) {}

  serialize(sketch: QuantileSketch, target: ByteWriter): void {
    if (!(sketch instanceof DDSketch)) {
      throw new SerdeError(NAME, 'only sketches of Aggregators.quantiles are written')
    }
    target.writeInt8(VERSION)
    for (const number of [sketch.relativeAccuracy, sketch.min, sketch.max]) target.writeFloat64(number)
    target.writeVarlong(sketch.scale.maxBins)
    const bins = sketch.readBins()
    for (let [place, before] = [0, 0]; place < bins.length; place++) {
      const bin = bins.binAt(place)
      target.writeVarlong(bin - before)
      target.writeVarlong(bins.countAt(place))
      before = bin
    }
  }

  deserialize(source: Buffer, start: number, end: number): QuantileSketch {
    const reader = new SizedReader(source, start, end, NAME)
    const version = reader.int8()
    if (version !== VERSION) throw new SerdeError(NAME, `version ${version} is unknown`)
    const [relativeAccuracy, min, max] = [reader.float64(), reader.float64(), reader.float64()]
    const scale = this.scaleOf(relativeAccuracy, reader.varlong())
    const bins: number[] = []
    const counts: number[] = []
    let [bin, count] = [0, 0]
    while (reader.at < end) {
      bin += reader.varlong()
      bins.push(bin)
      counts.push(reader.varlong())
      count += counts.at(-1)!
    }
    const read = new Bins(Int32Array.from(bins), Float64Array.from(counts))
    return new DDSketch(scale, count, min, max, Versions.of(read))
  }

  private scaleOf(relativeAccuracy: number, maxBins: number): BinScale {
    const { scale } = this
    return scale.same({ relativeAccuracy, maxBins }) ? scale : new BinScale(relativeAccuracy, maxBins)
  }
}
