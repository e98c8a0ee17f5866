export {
  SchemaRegistryInUseError,
  SchemaRegistryServer,
  type SchemaRegistryServerOptions,
  SchemaRegistryStartError,
} from './schema-registry-server.js'
