/**
 * Records per second through the Avro serde on one core, beside avsc alone and @kafkajs/confluent-schema-registry
 * (a promise for each record): five fields, about 45 bytes.
 *
 *     node dist/bench/micro/avro.js [seconds per measurement, default 1]
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import avsc from 'avsc'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { avroFormat } from '../../src/serdes/schema-registry/avro/avro-format.js'
import type { ResolvedSchema } from '../../src/serdes/schema-registry/schema-text.js'

const RECORDS = 10_000

const schema = {
  type: 'record',
  name: 'Flight',
  namespace: 'bench',
  fields: [
    { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'delay', type: 'int' },
    { name: 'distance', type: 'double' },
    { name: 'origin', type: 'string' },
    { name: 'flight', type: 'string' },
  ],
} as const

/** The same with a field more, which has a default, and one less. */
const newerSchema = {
  ...schema,
  fields: [...schema.fields.slice(1), { name: 'cancelled', type: 'boolean', default: false }],
} as const

interface Flight {
  readonly date: number
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly flight: string
}

const flights = Array.from(
  { length: RECORDS },
  (_, index): Flight => ({
    date: 1_700_000_000_000 + index,
    delay: (index * 7) % 90,
    distance: 100.5 + (index % 5_000),
    origin: ['SFO', 'JFK', 'ATL', 'ORD'][index % 4]!,
    flight: `flight-${1_000_000 + index}`,
  }),
)

const resolved = (json: unknown): ResolvedSchema => ({
  type: 'AVRO',
  schema: JSON.stringify(json),
  referenced: [],
})

const seconds = Number(process.argv[2] ?? 1)

/** Counts CPU time, so that other work on the machine hardly shows. */
async function measure(name: string, round: () => Promise<void> | void): Promise<void> {
  for (let warmUp = 0; warmUp < 20; warmUp++) await round()
  const begin = process.cpuUsage()
  const until = performance.now() + seconds * 1000
  let rounds = 0
  while (performance.now() < until) {
    await round()
    rounds++
  }
  const { user, system } = process.cpuUsage(begin)
  const rate = (rounds * RECORDS) / ((user + system) / 1e6)
  console.log(`${name.padEnd(44)} ${(rate / 1e6).toFixed(2).padStart(6)} M records/s`)
}

const format = avroFormat<Flight>({ schema })
const writer = format.writer(resolved(schema))
const reader = format.reader(resolved(schema), resolved(schema))
const newerReader = format.reader(resolved(schema), resolved(newerSchema))
const type = avsc.Type.forSchema(schema as unknown as avsc.Schema)
const newerType = avsc.Type.forSchema(newerSchema as unknown as avsc.Schema)
const resolver = newerType.createResolver(type)
const scratch = Buffer.alloc(1 << 20)
const target = new ByteWriter(1 << 20)
const ends = flights.map((flight) => {
  writer.write(flight, target)
  return target.position
})
const written = target.copy()
const payloads = ends.map((end, index) => written.subarray(ends[index - 1] ?? 0, end))

const readAll = (read: typeof reader): void => {
  let start = 0
  for (const end of ends) {
    read.read(written, start, end)
    start = end
  }
}

await measure('write', () => {
  target.reset()
  for (const flight of flights) writer.write(flight, target)
})
await measure('write, avsc', () => {
  let at = 0
  for (const flight of flights) at = type.encode(flight, scratch, at)
})
await measure('read', () => readAll(reader))
await measure('read, avsc', () => {
  let at = 0
  for (let index = 0; index < RECORDS; index++) at = type.decode(written, at).offset
})
await measure('read as a newer schema', () => readAll(newerReader))
await measure('read as a newer schema, avsc', () => {
  for (const payload of payloads) newerType.fromBuffer(payload, resolver)
})

/** Knows one schema, which it gives for every id. */
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/vnd.schemaregistry.v1+json')
  response.end(JSON.stringify({ schema: JSON.stringify(schema) }))
})
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
const { port } = server.address() as AddressInfo
const registry = new SchemaRegistry({ host: `http://127.0.0.1:${port}` })
const encoded = await Promise.all(flights.map((flight) => registry.encode(1, flight)))

await measure('write, @kafkajs/confluent-schema-registry', async () => {
  for (const flight of flights) await registry.encode(1, flight)
})
await measure('read, @kafkajs/confluent-schema-registry', async () => {
  for (const bytes of encoded) await registry.decode(bytes)
})
server.close()
server.closeAllConnections()
