import { int64 } from '../../../src/serdes/int64.js'
import { type Catalogue, numberStream, numbers, textStream, texts } from './inputs.js'
import { split } from './java.js'

/** What happens to records that cannot be processed. */
export const errors: Catalogue = {
  deser_log_and_continue: (b) =>
    numberStream(b)
      .groupByKey()
      .aggregate(
        () => 0,
        (_, value, sum) => sum + value,
        { store: 'sum', value: int64() },
      )
      .toStream()
      .to('out'),
  deser_log_and_continue_ktable: (b) =>
    b
      .table<string, number>('in', { ...numbers, store: 'tbl' })
      .toStream()
      .to('out'),
  deser_log_and_fail: (b) => numberStream(b).to('out'),
  processing_fail: (b) => textStream(b).mapValues(notBad).to('out', texts),
  processing_log_and_continue: (b) =>
    textStream(b).mapValues(notBad).groupByKey(texts).count({ store: 'cnt' }).toStream().to('out'),
  processing_log_and_continue_partial: (b) => {
    const all = textStream(b)
    all.to('out1')
    all
      .flatMapValues((value) => split(value, ','))
      .mapValues((value) => `${notBad(value)}!`)
      .to('out2', texts)
  },
}

function notBad(value: string): string {
  if (value === 'bad') throw new Error('boom')
  return value
}
