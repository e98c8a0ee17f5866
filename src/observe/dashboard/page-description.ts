import type { TopologyDescription } from '../topology/topology-description.js'
import type { ResultsDescription } from './results/results-description.js'

/** What the page is told of results. */
export interface PageResults extends ResultsDescription {
  /** Address of the feed that has them; absent: they come with the status. */
  readonly feed?: string
}

/** What does not change while a page is open. */
export interface PageDescription {
  readonly title: string
  readonly topology: TopologyDescription
  readonly results?: PageResults
}

/** Id of the element of the page that has its description, as JSON. */
export const DESCRIPTION_ID = 'description'
/** Where the status is told. */
export const STATUS_PATH = '/status'
