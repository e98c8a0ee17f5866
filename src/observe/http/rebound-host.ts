import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/** The addresses at which nobody but this machine gets in. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.|localhost$)/

/** The name in a Host header, without brackets and port; undefined: it is none. */
function hostName(header: string): string | undefined {
  try {
    return new URL(`http://${header}`).hostname.replace(/^\[(.*)\]$/, '$1')
  } catch {
    return undefined
  }
}

const isLocalName = (name: string): boolean =>
  isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')

/**
 * Whether a request came to a server of this machine only by a name of somewhere else: a page of that name has had it
 * resolved to the loopback address, so that browsers take what it reads here for its own (DNS rebinding). Addresses cannot
 * be resolved to others, and who listens on other addresses has other names.
 *
 * @param listensOn the address that the server listens on
 */
export function isRebound({ headers }: Pick<IncomingMessage, 'headers'>, listensOn: string): boolean {
  if (!LOOPBACK.test(listensOn) || headers.host === undefined) return false
  const name = hostName(headers.host)
  return name === undefined || !isLocalName(name)
}
