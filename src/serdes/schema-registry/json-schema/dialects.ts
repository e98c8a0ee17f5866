import { Ajv, type Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvDraft04 from 'ajv-draft-04'
import ajvFormats from 'ajv-formats'
import { InvalidSchemaError } from '../registry-errors.js'

type Compiler = Pick<Ajv, 'addSchema' | 'compile' | 'removeKeyword' | 'addVocabulary'>

/** A draft of JSON Schema. */
export interface Dialect {
  /** The keyword that names a schema. */
  readonly idKeyword: '$id' | 'id'
  /** @param allErrors whether all that is wrong with a value is found, or the first thing */
  compiler(allErrors: boolean): Compiler
}

/** A pattern that is none under the `u` flag (`\-`, say) is still one for most registries. */
const regExp = Object.assign(
  (pattern: string, flags: string): RegExp => {
    try {
      return new RegExp(pattern, flags)
    } catch {
      return new RegExp(pattern)
    }
  },
  { code: 'new RegExp' },
)

/** A registry takes keywords and formats that it does not know, so nothing is refused for them. */
const OPTIONS: Options = {
  strict: false,
  // JSON has no NaN and no infinity.
  strictNumbers: true,
  logger: false,
  // 19.99 is a multiple of 0.01, whatever the doubles say.
  multipleOfPrecision: 9,
  code: { regExp },
}

const dialect = (make: (options: Options) => Compiler, idKeyword: '$id' | 'id' = '$id'): Dialect => ({
  idKeyword,
  compiler: (allErrors) => {
    const compiler = make({ ...OPTIONS, allErrors })
    ajvFormats.default(compiler as Ajv)
    // ajv refuses the keyword in later drafts, where it is one without meaning.
    if (idKeyword === '$id') compiler.removeKeyword('id')
    return compiler
  },
})

const DRAFT_07 = dialect((options) => new Ajv(options))

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['draft-04', dialect((options) => new ajvDraft04.default(options), 'id')],
  ['draft-06', DRAFT_07],
  ['draft-07', DRAFT_07],
  ['draft/2019-09', dialect((options) => new Ajv2019(options))],
  ['draft/2020-12', dialect((options) => new Ajv2020(options))],
])

const DIALECT_URI = /^https?:\/\/json-schema\.org\/(draft-0\d|draft\/\d{4}-\d{2})\/schema#?$/

/** The draft that `$schema` names; draft 7 where it is absent, as in Confluent's clients. */
export function dialectOf(schema: string, uri: unknown): Dialect {
  if (uri === undefined || uri === 'http://json-schema.org/schema#') return DRAFT_07
  const known = DIALECTS.get(DIALECT_URI.exec(String(uri))?.[1] ?? '')
  if (known === undefined) throw new InvalidSchemaError(schema, `$schema ${String(uri)} is not supported`)
  return known
}
