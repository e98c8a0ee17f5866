/** How the values of a column's windows become one figure of a row. */
export type Combine = 'sum' | 'max' | 'mean'

export interface ResultColumn {
  readonly title: string
  /** Field of the result's value. */
  readonly field: string
  readonly combine: Combine
  /** For `mean`: the field that says how much a window counts. */
  readonly weight?: string
}

/** What is shown of results. */
export interface ResultsDescription {
  readonly title: string
  /** Field that names a row. */
  readonly row: string
  /** Field with the start of the window, epoch milliseconds. Absent: a row has one result, its latest. */
  readonly windowStart?: string
  /** How many hours of windows, up to its newest, a row combines. */
  readonly lastHours?: number
  /** Rows are ordered by the first, greatest first. */
  readonly columns: readonly ResultColumn[]
}

/** The fields of a result, by their names. */
export type ResultFields = Readonly<Record<string, unknown>>
