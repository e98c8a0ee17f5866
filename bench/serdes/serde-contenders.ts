import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SchemaRegistry as KafkaJsRegistry } from '@kafkajs/confluent-schema-registry'
import avsc from 'avsc'
import protobufjs from 'protobufjs'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import {
  avro,
  InMemorySchemaRegistry,
  jsonSchema,
  protobuf,
  type SchemaRegistry,
} from '../../src/serdes/schema-registry/index.js'
import type { Serde } from '../../src/serdes/serde.js'
import { avroSchema, type Flight, jsonSchemaOfFlights, newerAvroSchema, protoSchema } from './flights.js'

export type Language = 'avro' | 'json-schema' | 'protobuf'

export const MILLRACE = 'millrace'
const NEWER = 'as a newer schema'

/** One way to write and read flights. */
export interface Contender {
  readonly language: Language
  readonly by: string
  /** What is special about it; empty: one schema, which writer and reader have. */
  readonly task: string
  /** Writes all, as they are read afterwards. Undefined: it only reads. */
  readonly write: (() => Promise<void> | void) | undefined
  /** Reads all that was written. */
  readonly read: () => Promise<void> | void
}

/** Serdes of Millrace, as the runtime calls them: header and payload behind each other in one buffer. */
export function millraceContenders(flights: readonly Flight[]): Contender[] {
  const registry = new InMemorySchemaRegistry()
  const made = { registry, register: 'at-start' } as const
  return [
    contender('avro', '', flights, [opened(avro<Flight>({ ...made, schema: avroSchema }), 'avro')]),
    contender('avro', '8 serdes in turn', flights, eightSerdes(registry)),
    newerReader(registry, flights),
    contender('json-schema', '', flights, [
      opened(jsonSchema<Flight>({ ...made, schema: jsonSchemaOfFlights as object }), 'json'),
    ]),
    contender('protobuf', '', flights, [
      opened(protobuf<Flight>({ ...made, schema: protoSchema }), 'protobuf'),
    ]),
  ]
}

function opened<T>(serde: Serde<T>, topic: string, access: 'read' | 'write' = 'write'): Serde<T> {
  serde.open?.([{ topic, part: 'value', access }], {})
  return serde
}

function eightSerdes(registry: SchemaRegistry): Serde<Flight>[] {
  return Array.from({ length: 8 }, (_, index) => {
    const schema = { ...avroSchema, name: `Flight${index}` }
    return opened(avro<Flight>({ registry, register: 'at-start', schema }), `avro-${index}`)
  })
}

function contender(
  language: Language,
  task: string,
  flights: readonly Flight[],
  serdes: readonly Serde<Flight>[],
): Contender {
  const target = new ByteWriter(1 << 20)
  const ends: number[] = []
  return {
    language,
    by: MILLRACE,
    task,
    write: () => {
      target.reset()
      for (let index = 0; index < flights.length; index++) {
        serdes[index % serdes.length]!.serialize(flights[index]!, target)
        ends[index] = target.position
      }
    },
    read: () => {
      let start = 0
      for (let index = 0; index < ends.length; index++) {
        const end = ends[index]!
        used = serdes[index % serdes.length]!.deserialize(target.buffer, start, end)
        start = end
      }
    },
  }
}

/** What is read goes somewhere, so that reading is not optimized away. */
export let used: unknown

function newerReader(registry: SchemaRegistry, flights: readonly Flight[]): Contender {
  const writer = opened(avro<Flight>({ registry, schema: avroSchema }), 'avro')
  const reader = opened(avro<Flight>({ registry, schema: newerAvroSchema }), 'avro', 'read')
  const both: Serde<Flight> = {
    name: 'avro',
    serialize: (value, target) => writer.serialize(value, target),
    deserialize: (source, start, end) => reader.deserialize(source, start, end),
  }
  const { write, ...rest } = contender('avro', NEWER, flights, [both])
  write!()
  return { ...rest, write: undefined }
}

/** Libraries alone, without a registry: each as it is fastest. */
export function libraryContenders(flights: readonly Flight[]): Contender[] {
  return [
    avscContender(flights),
    newerAvscContender(flights),
    jsonContender(flights),
    protobufjsContender(flights),
  ]
}

const avscType = (schema: object): avsc.Type => avsc.Type.forSchema(schema as avsc.Schema)

function avscContender(flights: readonly Flight[]): Contender {
  const type = avscType(avroSchema)
  const buffer = Buffer.alloc(flights.length * 100)
  return {
    language: 'avro',
    by: 'avsc',
    task: '',
    write: () => {
      let at = 0
      for (const flight of flights) at = type.encode(flight, buffer, at)
    },
    read: () => {
      let at = 0
      for (let index = 0; index < flights.length; index++) {
        const { value, offset } = type.decode(buffer, at) as { value: unknown; offset: number }
        used = value
        at = offset
      }
    },
  }
}

function newerAvscContender(flights: readonly Flight[]): Contender {
  const [type, newer] = [avscType(avroSchema), avscType(newerAvroSchema)]
  const resolver = newer.createResolver(type)
  const written = flights.map((flight) => type.toBuffer(flight))
  return {
    language: 'avro',
    by: 'avsc',
    task: NEWER,
    write: undefined,
    read: () => {
      for (const bytes of written) used = newer.fromBuffer(bytes, resolver)
    },
  }
}

function jsonContender(flights: readonly Flight[]): Contender {
  const written: Buffer[] = []
  return {
    language: 'json-schema',
    by: 'JSON.stringify and parse',
    task: '',
    write: () => {
      for (let index = 0; index < flights.length; index++)
        written[index] = Buffer.from(JSON.stringify(flights[index]))
    },
    read: () => {
      for (const bytes of written) used = JSON.parse(bytes.toString())
    },
  }
}

function protobufjsContender(flights: readonly Flight[]): Contender {
  const type = protobufjs.parse(protoSchema).root.lookupType('Flight')
  const written: Uint8Array[] = []
  return {
    language: 'protobuf',
    by: 'protobufjs',
    task: '',
    write: () => {
      for (let index = 0; index < flights.length; index++)
        written[index] = type.encode(flights[index]!).finish()
    },
    read: () => {
      for (const bytes of written) used = type.decode(bytes)
    },
  }
}

/** The client that many use with KafkaJS: a promise for each record. With a registry that gives one schema for all ids. */
export async function kafkaJsContender(flights: readonly Flight[]): Promise<Contender> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/vnd.schemaregistry.v1+json')
    response.end(JSON.stringify({ schema: JSON.stringify(avroSchema) }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const registry = new KafkaJsRegistry({ host: `http://127.0.0.1:${port}` })
  await registry.getSchema(1)
  server.close()
  server.closeAllConnections()
  const written: Buffer[] = []
  return {
    language: 'avro',
    by: '@kafkajs/confluent-schema-registry',
    task: '',
    write: async () => {
      for (let index = 0; index < flights.length; index++)
        written[index] = await registry.encode(1, flights[index])
    },
    read: async () => {
      for (const bytes of written) used = await registry.decode(bytes)
    },
  }
}
