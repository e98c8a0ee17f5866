/** Typed data through a schema registry: what is here is not loaded by who does without. */

export type { SchemaLoads } from '../schema-loads.js'
export type { SerdeOpener, SerdeUse } from '../serde-use.js'
export { type AvroOptions, type AvroSchemaLiteral, avro } from './avro/avro.js'
export type { AvroFormatOptions } from './avro/avro-format.js'
export type { AvroValue, AvroValueOptions } from './avro/avro-value.js'
export type { AvroDecimal, DecimalForm } from './avro/logical-types/decimal.js'
export type { AvroDuration } from './avro/logical-types/duration.js'
export type {
  AnyAvroConversion,
  AvroConversion,
  AvroLogicalTypes,
} from './avro/logical-types/logical-type.js'
export { COMPATIBILITIES, type Compatibility } from './compatibility.js'
export { confluentSchemaRegistry } from './confluent/confluent-schema-registry.js'
export type { RegistryAuth } from './confluent/registry-auth.js'
export type { ConfluentSchemaRegistryOptions } from './confluent/registry-options.js'
export { evolutionChecker } from './evolution/check-evolution.js'
export { diffSchemas } from './evolution/diff-schemas.js'
export { explain } from './evolution/explain.js'
export type { SchemaChange, SchemaChangeKind } from './evolution/schema-change.js'
export {
  type CompatibilityChecker,
  InMemorySchemaRegistry,
  type InMemorySchemaRegistryOptions,
} from './in-memory-schema-registry.js'
export { type JsonSchemaLiteral, type JsonSchemaOptions, jsonSchema } from './json-schema/json-schema.js'
export type { JsonSchemaFormatOptions } from './json-schema/json-schema-format.js'
export type { JsonSchemaValue } from './json-schema/json-schema-value.js'
export { type ProtobufOptions, protobuf } from './protobuf/protobuf.js'
export type { ProtobufFormatOptions } from './protobuf/protobuf-format.js'
export type { RegisteredSerde, RegisteredSerdeOptions, UsedSubject } from './registered-serde.js'
export {
  IncompatibleSchemaError,
  InvalidRegistryOptionError,
  InvalidSchemaError,
  InvalidSerdeOptionError,
  NotRegisteredError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
  SchemaResolutionError,
  SubjectError,
} from './registry-errors.js'
export type { SchemaFormat, SchemaReader, SchemaWriter } from './schema-format.js'
export type { CompatibilityAnswer, SchemaRegistry } from './schema-registry.js'
export type { SchemaSource } from './schema-source.js'
export type {
  ReferencedSchema,
  ResolvedSchema,
  SchemaId,
  SchemaReference,
  SchemaText,
  SchemaType,
  SchemaVersion,
} from './schema-text.js'
export type { SubjectStrategy } from './subject-strategy.js'
export { type NamedSchema, schemaTypes } from './types/schema-types.js'
export type { SchemaTypesOptions } from './types/schema-types-options.js'
export type { WireFormat } from './wire-format.js'
export { confluentWireFormat, glueWireFormat } from './wire-formats.js'
