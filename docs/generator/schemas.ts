import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diffText, reviewText } from '../../src/cli/schema/review-text.js'
import { reviewSchema } from '../../src/cli/schema/schema-review.js'
import { evolutionChecker } from '../../src/serdes/schema-registry/evolution/check-evolution.js'
import { diffSchemas } from '../../src/serdes/schema-registry/evolution/diff-schemas.js'
import { InMemorySchemaRegistry } from '../../src/serdes/schema-registry/in-memory-schema-registry.js'
import type { ResolvedSchema, SchemaType } from '../../src/serdes/schema-registry/schema-text.js'
import { schemaTypes } from '../../src/serdes/schema-registry/types/schema-types.js'
import { AVRO_CASES } from '../../test/serdes/schema-registry/evolution/avro-cases.js'
import type { EvolutionCase } from '../../test/serdes/schema-registry/evolution/evolution-case.js'
import { JSON_SCHEMA_CASES } from '../../test/serdes/schema-registry/evolution/json-schema-cases.js'
import { PROTOBUF_CASES } from '../../test/serdes/schema-registry/evolution/protobuf-cases.js'

const SCHEMAS = join(import.meta.dirname, '../../../docs/schemas')

const PLACE = /(<!-- schema (diff|check|types|cases) ([\w. -]+?) -->\n)[\s\S]*?(<!-- end -->)/g

const CASES: Readonly<Record<SchemaType, readonly EvolutionCase[]>> = {
  AVRO: AVRO_CASES,
  JSON: JSON_SCHEMA_CASES,
  PROTOBUF: PROTOBUF_CASES,
}

/** A page with what `millrace schema` says of the schemas in docs/schemas, and what the tests hold changes to. */
export async function withSchemas(page: string): Promise<string> {
  const texts: string[] = []
  for (const [, , action, operands] of page.matchAll(PLACE))
    texts.push(await text(action!, operands!.split(' ')))
  return page.replace(
    PLACE,
    (_, begin: string, _action, _operands, end: string) => begin + texts.shift() + end,
  )
}

function text(action: string, [first = '', second = '']: readonly string[]): string | Promise<string> {
  switch (action) {
    case 'diff': {
      const changes = diffSchemas(avro(first), avro(second))
      return shownCommand(`diff ${first} ${second}`, diffText(first, second, changes))
    }
    case 'check':
      return checked(first, second)
    case 'types': {
      const types = schemaTypes([{ name: first, schema: avro(first) }])
      return `\`\`\`ts\n${types}\`\`\`\n`
    }
    default:
      return table(CASES[first as SchemaType])
  }
}

async function checked(registered: string, file: string): Promise<string> {
  const registry = new InMemorySchemaRegistry({ checker: evolutionChecker })
  const subject = 'flights-value'
  registry.register(subject, avro(registered))
  const review = await reviewSchema(registry, { subject, schema: avro(file), isKey: false })
  return shownCommand(`check --subject ${subject} ${file}`, reviewText(review))
}

const avro = (file: string): ResolvedSchema => ({
  type: 'AVRO',
  schema: readFileSync(join(SCHEMAS, file), 'utf8'),
  referenced: [],
})

const shownCommand = (command: string, output: string): string =>
  `\`\`\`text\n$ millrace schema ${command}\n${output}\`\`\`\n`

function table(cases: readonly EvolutionCase[]): string {
  const rows = cases.map(
    ({ name, backward, forward }) => `| ${name} | ${mark(backward)} | ${mark(forward)} |\n`,
  )
  return `| change | backward | forward |\n|---|---|---|\n${rows.join('')}`
}

const mark = (safe: boolean): string => (safe ? 'safe' : '**breaks**')
