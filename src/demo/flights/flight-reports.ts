import { partitionFor } from '../../kafka/records/partitioner.js'
import type { RecordBatchBuilder } from '../../kafka/records/record-batch-builder.js'
import type { TopicPartition } from '../../kafka/topic-partition.js'
import { NO_HEADERS } from '../../serdes/record-headers.js'
import type { InputEncoding } from '../demo.js'
import type { ReplaySource } from '../replay/replay-source.js'
import { type FlightData, readFlights } from './flight-data.js'
import { IsoMinutes } from './iso-minutes.js'
import { reportOrder, reportTime } from './report-order.js'

const PARTITIONS = 4
const LARGEST_VALUE = 256

/** The flights as they are reported: topic `flights`, or that of another encoding, keyed by origin, stamped with their date. */
export class FlightReports implements ReplaySource {
  readonly places: readonly TopicPartition[]
  readonly count: number
  private readonly order: Uint32Array
  private readonly keys: readonly Buffer[]
  private readonly partitionOfAirport: Uint8Array
  private readonly value = Buffer.alloc(LARGEST_VALUE)
  private readonly dates = new IsoMinutes()

  /** @param as how they are written; default: as JSON */
  constructor(
    private readonly flights: FlightData,
    private readonly as?: InputEncoding,
  ) {
    const topic = as?.topic ?? 'flights'
    this.places = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
    this.count = flights.count
    this.order = reportOrder(flights)
    this.keys = flights.airports.map((airport) => Buffer.from(airport))
    this.partitionOfAirport = Uint8Array.from(this.keys, (key) =>
      partitionFor(key, 0, key.length, PARTITIONS),
    )
  }

  static async read(as?: InputEncoding): Promise<FlightReports> {
    return new FlightReports(await readFlights(), as)
  }

  arrivalTime(event: number): number {
    return reportTime(this.flights, this.order[event]!)
  }

  place(event: number): number {
    return this.partitionOfAirport[this.flights.origin[this.order[event]!]!]!
  }

  append(event: number, batch: RecordBatchBuilder): void {
    const { flights, value } = this
    const flight = this.order[event]!
    const date = flights.date[flight]!
    const key = this.keys[flights.origin[flight]!]!
    if (this.as !== undefined) {
      batch.append(date, key, 0, key.length, this.flightOf(flight), this.as.value, NO_HEADERS)
      return
    }
    const length = value.write(this.valueOf(flight, date), 'latin1')
    batch.appendBytes(date, key, 0, key.length, value, 0, length, NO_HEADERS)
  }

  private flightOf(flight: number) {
    const { date, delay, distance, airports, origin, destination } = this.flights
    return {
      date: date[flight]!,
      delay: delay[flight]!,
      distance: distance[flight]!,
      origin: airports[origin[flight]!]!,
      destination: airports[destination[flight]!]!,
    }
  }

  /** The JSON of a flight, as JSON.stringify would write it. */
  private valueOf(flight: number, date: number): string {
    const { flights } = this
    const origin = flights.airports[flights.origin[flight]!]
    const destination = flights.airports[flights.destination[flight]!]
    return `{"date":"${this.dates.format(date)}","delay":${flights.delay[flight]},"distance":${flights.distance[flight]},"origin":"${origin}","destination":"${destination}"}`
  }
}
