import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Whether whoever sends a request may change something. */
export type Authorize = (request: IncomingMessage) => boolean | Promise<boolean>

const SCHEME = /^Bearer +(.+)$/i

/** Digests are of one length, whatever the texts are: comparing them tells nothing of where they differ. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Lets those in who have the token: `Authorization: Bearer TOKEN`. How long the comparison takes says nothing of the token.
 */
export function bearerToken(token: string): Authorize {
  const expected = digest(token)
  return ({ headers }) => {
    const [, given] = SCHEME.exec(headers.authorization ?? '') ?? []
    return given !== undefined && timingSafeEqual(digest(given), expected)
  }
}
