import { confluentSchemaRegistry } from '../../serdes/schema-registry/confluent/confluent-schema-registry.js'
import type { RegistryAuth } from '../../serdes/schema-registry/confluent/registry-auth.js'
import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { Configuration } from '../config/configuration.js'
import { UsageError } from '../usage-error.js'

/** @throws {UsageError} if none is configured, or credentials that are none */
export function registryOf(configuration: Configuration): SchemaRegistry {
  const url = configuration.value('schemaRegistry.url')
  if (url === undefined)
    throw new UsageError(
      'which registry? give --registry URL, MILLRACE_SCHEMA_REGISTRY, or schemaRegistry.url in the configuration file',
    )
  const auth = authOf(configuration)
  return confluentSchemaRegistry({ url: url.split(','), ...(auth === undefined ? {} : { auth }) })
}

function authOf(configuration: Configuration): RegistryAuth | undefined {
  const username = configuration.value('schemaRegistry.username')
  const password = configuration.value('schemaRegistry.password')
  const token = configuration.value('schemaRegistry.token')
  if (token !== undefined && username === undefined && password === undefined) return { token }
  if (token === undefined && username !== undefined && password !== undefined) return { username, password }
  if (token === undefined && username === undefined && password === undefined) return undefined
  throw new UsageError(
    'options schemaRegistry.username, schemaRegistry.password and schemaRegistry.token: a user with a password is given, or a token',
  )
}
