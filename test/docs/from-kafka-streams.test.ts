import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const page = read('docs/from-kafka-streams.md')

/** Kafka Streams 4.3: the public methods of each public class, by its name below `org.apache.kafka.streams`. */
const kafka = JSON.parse(read('test/docs/generated/kafka-streams-4.3-api.json')) as Readonly<
  Record<string, readonly string[]>
>

/** Classes with which topologies are written, run and tested: the page has each of their methods. */
const BY_METHOD =
  /^(StreamsBuilder|Topology|KafkaStreams|AutoOffsetReset|TestInputTopic|TestOutputTopic|TopologyTestDriver|state\.Stores|processor\.api\.(Processor|FixedKeyProcessor|ProcessingContext|ProcessorContext|FixedKeyProcessorContext|Record|FixedKeyRecord|RecordMetadata)|kstream\.(\w*KStream|K\w+(Table|Stream)|Branched|Consumed|EmitStrategy|Grouped|Joined|Materialized|Named|Printed|Produced|Repartitioned|StreamJoined|TableJoined|Suppressed|\w*Windows|Window|Windowed|WindowedSerdes))$/

const words = new Set(page.match(/\w+/g))

describe('From Kafka Streams', () => {
  test('has every public class of Kafka Streams', () => {
    const classes = Object.keys(kafka).map((name) => name.slice(name.lastIndexOf('.') + 1))
    assert.ok(classes.length > 200)
    assert.deepEqual(
      classes.filter((name) => !words.has(name)),
      [],
    )
  })

  for (const [name, methods] of Object.entries(kafka)) {
    if (!BY_METHOD.test(name)) continue
    test(`has every method of ${name}`, () => {
      assert.deepEqual(
        methods.filter((method) => !words.has(method)),
        [],
      )
    })
  }

  test('names nothing of ours that is not there', async () => {
    const known = await ourNames()
    assert.ok(known.has('KStream.toTable') && !known.has('KStream.transform'))
    const named = namedAsOurs()
    assert.ok(named.length > 250)
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    )
  })

  test('has code that compiles: that of test/docs/from-kafka-streams-examples.ts', () => {
    const compiled = unindented(read('test/docs/from-kafka-streams-examples.ts'))
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => unindented(code!))
    assert.ok(blocks.length >= 7)
    for (const block of blocks) assert.ok(compiled.includes(block), block)
  })
})

/** Code in functions is indented there and not on the page. */
function unindented(code: string): string {
  return code.replaceAll(/^ +/gm, '')
}

/** What stands in the column of ours. */
function namedAsOurs(): string[] {
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ')[1] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([A-Za-z][\w.]*)`/g)].map(([, name]) => name!))
}

interface ExportedName {
  readonly name: string
  readonly members: readonly { readonly name: string }[]
}

/** Exports, their members as `Name.member`, and both alone: options are named without what has them. */
async function ourNames(): Promise<Set<string>> {
  const { readApi } = (await import(pathToFileURL(join(ROOT, 'scripts/lib/api-reader.mjs')).href)) as {
    readApi(): readonly ExportedName[]
  }
  const names = new Set<string>()
  for (const { name, members } of readApi()) {
    names.add(name)
    for (const member of members) names.add(`${name}.${member.name}`).add(member.name)
  }
  // Options that are types put together have no members of their own.
  for (const file of ['src/dsl/operator-options.ts', 'src/dsl/known-serdes.ts']) {
    for (const [, option] of read(file).matchAll(/readonly (\w+)\??:/g)) names.add(option!)
  }
  for (const file of readdirSync(join(ROOT, 'src/testing')).filter((name) => name.startsWith('t'))) {
    const source = read(`src/testing/${file}`)
    for (const [, owner, body] of source.matchAll(
      /^export (?:class|interface) (\w+)[^{]*\{\n([\s\S]*?)^\}/gm,
    )) {
      const members = body!.matchAll(/^ {2}(?:static |async |get |readonly )*(\w+)[<(?:]/gm)
      for (const [, member] of members) names.add(`${owner}.${member}`)
    }
  }
  return names
}
