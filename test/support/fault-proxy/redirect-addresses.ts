import { WireReader } from '../../../src/kafka/protocol/wire-reader.js'
import { API_KEY, type RequestFrame } from '../kafka-frames.js'

/** The port to put in the place of a broker's port. */
export type Redirection = (host: string, port: number) => number

/** The versions whose layout is known here: those with nodes as [id, host, port, ...] in compact arrays. */
const METADATA_VERSIONS = { min: 9, max: 13 }
const COORDINATOR_VERSIONS = { min: 4, max: 6 }

const redirectNode = (reader: WireReader, frame: Buffer, redirection: Redirection): void => {
  reader.readInt32()
  const host = reader.readCompactString() ?? ''
  const at = reader.position
  const port = reader.readInt32()
  // An answer without coordinator names none.
  if (port >= 0) frame.writeInt32BE(redirection(host, port), at)
}

const redirectMetadata = (reader: WireReader, frame: Buffer, redirection: Redirection): void => {
  reader.readCompactArray(() => {
    redirectNode(reader, frame, redirection)
    reader.readCompactString()
    reader.skipTaggedFields()
  })
}

const redirectCoordinators = (reader: WireReader, frame: Buffer, redirection: Redirection): void => {
  reader.readCompactArray(() => {
    reader.readCompactString()
    redirectNode(reader, frame, redirection)
    reader.readInt16()
    reader.readCompactString()
    reader.skipTaggedFields()
  })
}

const responseOf = (
  { apiVersion }: RequestFrame,
  api: string,
  versions: { min: number; max: number },
  frame: Buffer,
): WireReader => {
  if (apiVersion < versions.min || apiVersion > versions.max)
    throw new Error(`the proxy does not know ${api} v${apiVersion}`)
  const reader = new WireReader(frame)
  reader.readInt32()
  reader.skipTaggedFields()
  reader.readInt32()
  return reader
}

/** Replaces the ports of brokers in a response, in place. Hosts stay: proxy and brokers are on the same loopback. */
export const redirectAddresses = (request: RequestFrame, frame: Buffer, redirection: Redirection): void => {
  if (request.apiKey === API_KEY.Metadata)
    redirectMetadata(responseOf(request, 'Metadata', METADATA_VERSIONS, frame), frame, redirection)
  if (request.apiKey === API_KEY.FindCoordinator) {
    const reader = responseOf(request, 'FindCoordinator', COORDINATOR_VERSIONS, frame)
    redirectCoordinators(reader, frame, redirection)
  }
}
