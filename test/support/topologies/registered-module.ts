import { StreamsBuilder } from '../../../src/index.js'
import { avroFormat } from '../../../src/serdes/schema-registry/avro/avro-format.js'
import { InMemorySchemaRegistry } from '../../../src/serdes/schema-registry/in-memory-schema-registry.js'
import { registered } from '../../../src/serdes/schema-registry/registered-serde.js'
import { string } from '../../../src/serdes/string.js'

const registry = new InMemorySchemaRegistry()
const CODE = { type: 'record', name: 'Code', fields: [{ name: 'code', type: 'string' }] } as const
const COUNT = { type: 'record', name: 'Count', fields: [{ name: 'count', type: 'long' }] } as const

const code = () => registered<{ code: string }>(avroFormat({ schema: CODE }), { registry })
const count = () => registered<{ count: number }>(avroFormat({ schema: COUNT }), { registry })

const [input, output] = ['input', 'output'].map(
  (name) => new URL(import.meta.url).searchParams.get(name) ?? name,
) as [string, string]

const builder = new StreamsBuilder()
builder
  .stream(input, { key: string(), value: string() })
  .groupBy((_, value) => ({ code: value }), { key: code(), value: string() })
  .aggregate(
    () => ({ count: 0 }),
    (_key, _value, each) => ({ count: each.count + 1 }),
    { store: 'counts', value: count() },
  )
  .toStream()
  .to(output, { key: code(), value: count() })

/** Counts with keys and values of registered schemas. */
export default builder.build()
