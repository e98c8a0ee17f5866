export type { BrokerProperties } from './broker-properties.js'
export { type BrokerRecord, readBrokerRecord } from './broker-record.js'
export { BrokerInUseError, BrokerStartError, KafkaBroker, type KafkaBrokerOptions } from './kafka-broker.js'
export { BrokerPrerequisiteError } from './prerequisites.js'
