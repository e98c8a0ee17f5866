import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { asyncBufferFromFile, type ColumnData, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

/**
 * The 3,000,000 US domestic flights of January to June 2001, a column per field, in the order of the file. Airports
 * are numbers of `airports`.
 */
export interface FlightData {
  readonly count: number
  /** Scheduled departure, epoch milliseconds, always a whole minute. */
  readonly date: Float64Array
  /** Minutes; negative where the flight was early. */
  readonly delay: Int16Array
  /** Miles. */
  readonly distance: Uint16Array
  readonly origin: Uint16Array
  readonly destination: Uint16Array
  /** Airport codes. */
  readonly airports: readonly string[]
}

const flightsFile = (): string => {
  const entry = createRequire(import.meta.url).resolve('vega-datasets')
  return join(dirname(entry), '..', 'data', 'flights-3m.parquet')
}

/** Gives each text a small number, the same for the same text. */
class Codes {
  readonly texts: string[] = []
  private readonly numbers = new Map<string, number>()

  codeOf(text: string): number {
    let code = this.numbers.get(text)
    if (code === undefined) {
      code = this.texts.push(text) - 1
      this.numbers.set(text, code)
    }
    return code
  }
}

const takeNumbers = (column: Int16Array | Uint16Array, values: bigint[], at: number): void => {
  for (let index = 0; index < values.length; index++) column[at + index] = Number(values[index])
}

class FlightColumns implements FlightData {
  readonly date: Float64Array
  readonly delay: Int16Array
  readonly distance: Uint16Array
  readonly origin: Uint16Array
  readonly destination: Uint16Array
  private readonly codes = new Codes()

  constructor(readonly count: number) {
    this.date = new Float64Array(count)
    this.delay = new Int16Array(count)
    this.distance = new Uint16Array(count)
    this.origin = new Uint16Array(count)
    this.destination = new Uint16Array(count)
  }

  get airports(): readonly string[] {
    return this.codes.texts
  }

  take({ columnName, columnData, rowStart }: ColumnData): void {
    if (columnName === 'date') this.date.set(columnData as number[], rowStart)
    else if (columnName === 'delay') takeNumbers(this.delay, columnData as bigint[], rowStart)
    else if (columnName === 'distance') takeNumbers(this.distance, columnData as bigint[], rowStart)
    else if (columnName === 'origin') this.takeAirports(this.origin, columnData as string[], rowStart)
    else this.takeAirports(this.destination, columnData as string[], rowStart)
  }

  private takeAirports(column: Uint16Array, values: string[], at: number): void {
    for (let index = 0; index < values.length; index++) column[at + index] = this.codes.codeOf(values[index]!)
  }
}

/** Reads all flights from the file in the package vega-datasets. Takes seconds, and blocks. */
export const readFlights = async (): Promise<FlightData> => {
  const file = await asyncBufferFromFile(flightsFile())
  const metadata = await parquetMetadataAsync(file)
  const flights = new FlightColumns(Number(metadata.num_rows))
  let rowStart = 0
  // A row group at a time: whole columns of big integers and dates would take ten times the memory.
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      parsers: { timestampFromMicroseconds: (micros) => Number(micros) / 1000 },
      onChunk: (chunk) => flights.take(chunk),
    })
    rowStart = rowEnd
  }
  return flights
}
