import type { ApiCall, ApiVersionRange, BrokerCapabilities } from '../transport/broker-transport.js'
import { ErrorCode } from './error-codes.js'
import { KafkaProtocolError } from './kafka-protocol-error.js'
import type { WireReader } from './wire-reader.js'

const FINALIZED_FEATURES_TAG = 2

class AdvertisedCapabilities implements BrokerCapabilities {
  constructor(
    private readonly ranges: ReadonlyMap<number, ApiVersionRange>,
    private readonly features: ReadonlyMap<string, number>,
  ) {}

  range(apiKey: number): ApiVersionRange | undefined {
    return this.ranges.get(apiKey)
  }

  finalizedFeature(name: string): number | undefined {
    return this.features.get(name)
  }
}

const readRanges = (reader: WireReader): Map<number, ApiVersionRange> => {
  const entries = reader.readCompactArray((): [number, ApiVersionRange] => {
    const apiKey = reader.readInt16()
    const range = { min: reader.readInt16(), max: reader.readInt16() }
    reader.skipTaggedFields()
    return [apiKey, range]
  })
  return new Map(entries)
}

const readFeatureLevels = (reader: WireReader): Map<string, number> => {
  const entries = reader.readCompactArray((): [string, number] => {
    const name = reader.readCompactString() ?? ''
    const maxVersionLevel = reader.readInt16()
    reader.readInt16()
    reader.skipTaggedFields()
    return [name, maxVersionLevel]
  })
  return new Map(entries)
}

const readFinalizedFeatures = (reader: WireReader): Map<string, number> => {
  let features = new Map<string, number>()
  const count = reader.readUnsignedVarint()
  for (let index = 0; index < count; index++) {
    const tag = reader.readUnsignedVarint()
    const size = reader.readUnsignedVarint()
    if (tag === FINALIZED_FEATURES_TAG) features = readFeatureLevels(reader)
    else reader.skip(size)
  }
  return features
}

/** ApiVersions v3 (KIP-511, KIP-584): what a broker supports, with the cluster's finalized feature levels. */
export const apiVersionsCall = (clientName: string, clientVersion: string): ApiCall<BrokerCapabilities> => ({
  apiKey: 18,
  apiName: 'ApiVersions',
  apiVersion: 3,
  flexible: true,
  encode(writer) {
    writer.writeCompactString(clientName)
    writer.writeCompactString(clientVersion)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    const errorCode = reader.readInt16()
    if (errorCode !== ErrorCode.NONE) throw new KafkaProtocolError(errorCode, 'ApiVersions')
    const ranges = readRanges(reader)
    reader.readInt32()
    return new AdvertisedCapabilities(ranges, readFinalizedFeatures(reader))
  },
})
