import { json, string, type Windowed } from 'millrace'

/** A flight as it is reported, in topic `flights`, keyed by its origin. The record's timestamp is `date`. */
export interface Flight {
  readonly date: string
  /** Minutes. */
  readonly delay: number
  /** Miles. */
  readonly distance: number
  readonly origin: string
  readonly destination: string
}

/** What an airport's flights of one hour were like, keyed by the airport. */
export interface AirportDelays {
  readonly airport: string
  /** Epoch milliseconds. */
  readonly windowStart: number
  readonly windowEnd: number
  readonly flights: number
  /** Flights that were 15 minutes late or later. */
  readonly delayed: number
  /** Minutes. */
  readonly meanDelay: number
  readonly maxDelay: number
}

/** What is summed up of flights. */
export interface FlightSums {
  readonly flights: number
  readonly delayed: number
  readonly totalDelay: number
  readonly maxDelay: number
}

const DELAYED_FROM_MINUTES = 15

const none: FlightSums = { flights: 0, delayed: 0, totalDelay: 0, maxDelay: Number.MIN_SAFE_INTEGER }

export const noFlights = (): FlightSums => none

export const withFlight = (_: string, { delay }: Pick<Flight, 'delay'>, sums: FlightSums): FlightSums => ({
  flights: sums.flights + 1,
  delayed: sums.delayed + (delay >= DELAYED_FROM_MINUTES ? 1 : 0),
  totalDelay: sums.totalDelay + delay,
  maxDelay: Math.max(sums.maxDelay, delay),
})

/** What the flights of an hour were like. */
export const hourFigures = ({ flights, delayed, totalDelay, maxDelay }: FlightSums) => ({
  flights,
  delayed,
  meanDelay: totalDelay / flights,
  maxDelay,
})

export const airportHour = ({ key, window }: Windowed<string>, sums: FlightSums): AirportDelays => ({
  airport: key,
  windowStart: window.start,
  windowEnd: window.end,
  ...hourFigures(sums),
})

/** How the results of an hour are shown. */
export const airportHours = {
  key: string(),
  value: json<AirportDelays>(),
  fields: (_: string, delays: AirportDelays) => delays,
  title: 'Busiest airports',
  row: 'airport',
  windowStart: 'windowStart',
  lastHours: 24,
  columns: [
    { title: 'flights', field: 'flights', combine: 'sum' },
    { title: 'delayed', field: 'delayed', combine: 'sum' },
    { title: 'mean delay', field: 'meanDelay', combine: 'mean', weight: 'flights' },
    { title: 'worst delay', field: 'maxDelay', combine: 'max' },
  ],
}
