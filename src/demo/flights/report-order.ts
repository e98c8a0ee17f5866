import type { FlightData } from './flight-data.js'

const MINUTE_MS = 60_000

/** When a flight is reported, epoch milliseconds: at its date plus its delay. */
export const reportTime = (flights: FlightData, flight: number): number =>
  flights.date[flight]! + flights.delay[flight]! * MINUTE_MS

/**
 * The numbers of all flights in the order in which they are reported, ties in the order of the file. Dates and delays
 * are whole minutes, so they are counted into minutes rather than compared.
 */
export const reportOrder = (flights: FlightData): Uint32Array => {
  const { count } = flights
  const minutes = new Uint32Array(count)
  let first = Number.POSITIVE_INFINITY
  for (let flight = 0; flight < count; flight++) first = Math.min(first, reportTime(flights, flight))
  let last = 0
  for (let flight = 0; flight < count; flight++) {
    const minute = (reportTime(flights, flight) - first) / MINUTE_MS
    minutes[flight] = minute
    if (minute > last) last = minute
  }
  const places = new Uint32Array(last + 2)
  for (let flight = 0; flight < count; flight++) places[minutes[flight]! + 1]!++
  for (let minute = 1; minute <= last; minute++) places[minute]! += places[minute - 1]!
  const order = new Uint32Array(count)
  for (let flight = 0; flight < count; flight++) order[places[minutes[flight]!]!++] = flight
  return order
}
