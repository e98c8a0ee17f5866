import type { BrokerCapabilities } from '../transport/broker-transport.js'
import { UnsupportedVersionError } from '../transport/transport-error.js'

/**
 * The newest version of an API that both the broker and we know.
 *
 * @throws {UnsupportedVersionError} if there is none.
 */
export function newestVersion(
  capabilities: BrokerCapabilities,
  apiKey: number,
  apiName: string,
  min: number,
  max: number,
): number {
  const range = capabilities.range(apiKey)
  const version = range === undefined ? -1 : Math.min(max, range.max)
  if (range === undefined || version < Math.max(min, range.min)) {
    const offered = range === undefined ? 'does not offer it' : `offers ${range.min} to ${range.max}`
    throw new UnsupportedVersionError(
      `${apiName} is needed in version ${min} to ${max}, the broker ${offered}`,
    )
  }
  return version
}
