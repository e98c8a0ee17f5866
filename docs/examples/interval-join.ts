import { JoinInterval, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const alarms = builder.stream('alarms', { key: string(), value: string() })
const repairs = builder.stream('repairs', { key: string(), value: string() })
// A repair is for an alarm of five to ten seconds before; ten are too many.
const interval = JoinInterval.between('5s', '10s').upperExclusive().grace('2s')
alarms
  .intervalJoin(repairs, (alarm, repair) => `${alarm} by ${repair}`, interval, { store: 'repaired' })
  .to('repaired', { value: string() })

export default {
  topology: builder.build(),
  inputs: { alarms: { key: string(), value: string() }, repairs: { key: string(), value: string() } },
  outputs: { repaired: { key: string(), value: string() } },
  steps: [
    ['alarms', 'pump', 'hot', '1s'],
    ['repairs', 'pump', 'eve', '5s'],
    ['repairs', 'pump', 'ann', '6s'],
    ['repairs', 'pump', 'bob', '11s'],
    ['alarms', 'pump', 'loud', '2s'],
    ['repairs', 'pump', 'cid', '10s'],
  ],
} satisfies Example
