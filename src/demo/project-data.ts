import { join } from 'node:path'
import { packageRoot } from '../testing/local-server/package-file.js'

/** Where `npm start` keeps what it needs again: `.millrace` in the project, or where MILLRACE_DATA says. */
export const dataDirectory = (): string => process.env.MILLRACE_DATA || join(packageRoot(), '.millrace')

export const brokerDirectory = (): string => join(dataDirectory(), 'kafka')

export const registryDirectory = (): string => join(dataDirectory(), 'schema-registry')

/** State of the first process, and of workers beside it. */
export const stateDirectory = (worker: number): string =>
  join(dataDirectory(), worker === 1 ? 'state' : `state-${worker}`)
