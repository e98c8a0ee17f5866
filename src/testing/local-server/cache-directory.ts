import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where what has been fetched for a server of a version stays, outside of the project. */
export const cacheDirectory = (server: string, version: string): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace', `${server}-${version}`)
