/** Typed data in schemas that a registry holds. */
export { COMPATIBILITIES, type Compatibility } from './compatibility.js'
export { confluentSchemaRegistry } from './confluent/confluent-schema-registry.js'
export type { RegistryAuth } from './confluent/registry-auth.js'
export type { ConfluentSchemaRegistryOptions } from './confluent/registry-options.js'
export {
  type CompatibilityChecker,
  InMemorySchemaRegistry,
  type InMemorySchemaRegistryOptions,
} from './in-memory-schema-registry.js'
export {
  IncompatibleSchemaError,
  InvalidRegistryOptionError,
  InvalidSchemaError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
  SchemaResolutionError,
} from './registry-errors.js'
export type { CompatibilityAnswer, SchemaRegistry } from './schema-registry.js'
export type {
  ReferencedSchema,
  ResolvedSchema,
  SchemaId,
  SchemaReference,
  SchemaText,
  SchemaType,
  SchemaVersion,
} from './schema-text.js'
export type { WireFormat } from './wire-format.js'
export { confluentWireFormat, glueWireFormat } from './wire-formats.js'
