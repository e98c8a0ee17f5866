import {
  avro,
  confluentSchemaRegistry,
  InMemorySchemaRegistry,
  jsonSchema,
  protobuf,
} from '../../src/serdes/schema-registry/index.js'
import type { Misuses } from './misuse.js'

const registry = new InMemorySchemaRegistry()

/** Options past what the compiler asks for. */
const wrong = (options: object) => options as never

/** Options of an Avro serde, but what is said. */
const avroWith = (options: object) => () => avro(wrong({ registry, schema: 'long', ...options }))

/** Serdes of registered schemas, and their registry. */
export const SCHEMAS: Misuses = {
  'a registered schema without registry': avroWith({ registry: undefined }),
  'the address of a registry in place of it': avroWith({ registry: 'http://localhost:8081' }),
  'a subject strategy that there is not': avroWith({ subject: 'topic' }),
  'a registration that there is not': avroWith({ register: 'always' }),
  'a serde of Avro without schema': avroWith({ schema: undefined }),
  'a serde of JSON Schema without schema': () => jsonSchema(wrong({ registry })),
  'a serde of Protobuf without schema': () => protobuf(wrong({ registry })),
  'an object as the schema of Protobuf': () => protobuf(wrong({ registry, schema: { int32: 1 } })),
  'a schema in a file that does not exist': avroWith({ schema: new URL('file:///nowhere/flight.avsc') }),
  'the path of a file in place of a schema': avroWith({ schema: './flight.avsc' }),
  'an Avro schema that is none': avroWith({ schema: { type: 'record', name: 'Flight' } }),
  'a JSON Schema that is none': () => jsonSchema({ registry, schema: { type: 'text' } }),
  'a Protobuf schema that is none': () => protobuf({ registry, schema: 'message Flight' }),
  'a message that the Protobuf schema does not have': () =>
    protobuf({ registry, schema: 'syntax = "proto3"; message Flight {}', message: 'Airport' }),
  'references of the latest schema': avroWith({
    schema: 'latest',
    references: [{ name: 'Airport', subject: 'airport', version: 1 }],
  }),
  'a form of long that there is not': avroWith({ long: 'string' }),
  'a form of int64 that there is not': () =>
    protobuf(wrong({ registry, schema: 'syntax = "proto3"; message Flight {}', long: 'string' })),
  'a time to validate that there is not': () =>
    jsonSchema(wrong({ registry, schema: {}, validate: 'never' })),
  'a form of a logical type that there is not': avroWith({ logicalTypes: { decimal: 'number' } }),
  'a registry without address': () => confluentSchemaRegistry(wrong({})),
  'a registry whose address has no protocol': () => confluentSchemaRegistry({ url: 'localhost:8081' }),
  'a registry of no servers': () => confluentSchemaRegistry({ url: [] }),
  'a registry with credentials of no kind': () =>
    confluentSchemaRegistry(wrong({ url: 'http://localhost:8081', auth: { user: 'a', password: 'b' } })),
  'a registry with a timeout that is no duration': () =>
    confluentSchemaRegistry(wrong({ url: 'http://localhost:8081', requestTimeout: 'long' })),
}
