/**
 * Records per second whose payloads are written and read with a JSON Schema or as Protobuf, on one core: five fields.
 *
 *     node dist/bench/micro/schema-payloads.js [seconds per measurement, default 1]
 */
import protobuf from 'protobufjs'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { jsonSchemaFormat } from '../../src/serdes/schema-registry/json-schema/json-schema-format.js'
import { protobufFormat } from '../../src/serdes/schema-registry/protobuf/protobuf-format.js'
import type { SchemaFormat } from '../../src/serdes/schema-registry/schema-format.js'
import type { ResolvedSchema } from '../../src/serdes/schema-registry/schema-text.js'

const BATCH = 1_000

/** As in avro.ts. */
interface Flight {
  readonly date: number
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly flight: string
}

const flights = Array.from(
  { length: BATCH },
  (_, index): Flight => ({
    date: 1_700_000_000_000 + index,
    delay: (index * 7) % 90,
    distance: 100.5 + (index % 5_000),
    origin: ['SFO', 'JFK', 'ATL', 'ORD'][index % 4]!,
    flight: `flight-${1_000_000 + index}`,
  }),
)

const PROTO = `syntax = "proto3";
message Flight { int64 date = 1; int32 delay = 2; double distance = 3; string origin = 4; string flight = 5; }`

const properties = {
  date: { type: 'integer' },
  delay: { type: 'integer' },
  distance: { type: 'number', minimum: 0 },
  origin: { type: 'string', minLength: 3 },
  flight: { type: 'string' },
}
const JSON_SCHEMA = { type: 'object', properties, required: Object.keys(properties) }

const formats: readonly (readonly [validated: string, format: SchemaFormat<Flight>])[] = [
  ['checked', protobufFormat<Flight>({ schema: PROTO })],
  ['validated', jsonSchemaFormat<Flight>({ schema: JSON_SCHEMA })],
  ['validated when written', jsonSchemaFormat<Flight>({ schema: JSON_SCHEMA, validate: 'write' })],
]

const seconds = Number(process.argv[2] ?? 1)

/** Counts CPU time, so that other work on the machine hardly shows. */
function measure(name: string, batch: () => void): void {
  for (let warmUp = 0; warmUp < 100; warmUp++) batch()
  let records = 0
  const begin = process.cpuUsage()
  const end = performance.now() + seconds * 1000
  for (; performance.now() < end; records += BATCH) batch()
  const { user, system } = process.cpuUsage(begin)
  console.log(`${name.padEnd(10)} ${(records / (user + system)).toFixed(2)} M records per CPU second`)
}

for (const [validated, format] of formats) {
  const resolved: ResolvedSchema = { ...format.schema!, referenced: [] }
  const writer = format.writer(resolved)
  const reader = format.reader(resolved, resolved)
  const target = new ByteWriter(1 << 20)
  const ends: number[] = []
  const write = (): void => {
    target.reset()
    ends.length = 0
    for (const flight of flights) {
      writer.write(flight, target)
      ends.push(target.position)
    }
  }
  write()
  const bytes = target.position
  let sum = 0
  const read = (): void => {
    let start = 0
    for (const end of ends) {
      sum += reader.read(target.buffer, start, end).delay
      start = end
    }
  }
  console.log(`${format.name}, ${validated}: ${(bytes / BATCH).toFixed(0)} bytes a record`)
  measure('  write', write)
  measure('  read', read)
  if (sum === 0) throw new Error('nothing was read')
}

const alone = protobuf.parse(PROTO).root.lookupType('Flight')
const encoded = flights.map((flight) => alone.encode(flight).finish())
console.log('protobufjs alone')
measure('  write', () => {
  for (const flight of flights) alone.encode(flight).finish()
})
measure('  read', () => {
  for (const bytes of encoded) alone.decode(bytes)
})
