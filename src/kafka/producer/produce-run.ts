import type { RecordBatchBuilder } from '../records/record-batch-builder.js'

/** A batch to produce. Its builder belongs to the producer until the promise of the call settles. */
export interface BatchToProduce {
  readonly topic: string
  readonly partition: number
  readonly builder: RecordBatchBuilder
}

export interface ProducedBatch {
  readonly topic: string
  readonly partition: number
  /** The offset of the batch's first record; -1 where only a retry was answered and the broker no longer knew it. */
  readonly baseOffset: number
  /** -1 unless the topic has LogAppendTime. */
  readonly logAppendTime: number
}

/** The batches of one call: settles once, when each of them is settled and no request holds any of them. */
export class ProduceRun {
  private readonly results: ProducedBatch[] = []
  private unsettled: number
  private error: Error | undefined

  constructor(
    count: number,
    private readonly resolve: (results: ProducedBatch[]) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.unsettled = count
  }

  acknowledged(index: number, result: ProducedBatch): void {
    this.results[index] = result
    this.settle()
  }

  failed(error: Error): void {
    this.error ??= error
    this.settle()
  }

  private settle(): void {
    this.unsettled--
    if (this.unsettled > 0) return
    if (this.error === undefined) this.resolve(this.results)
    else this.reject(this.error)
  }
}
