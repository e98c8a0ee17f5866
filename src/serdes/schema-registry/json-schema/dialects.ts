import { createRequire } from 'node:module'
import type * as ajv from 'ajv'
import type { Ajv, Options } from 'ajv'
import type * as ajv2019 from 'ajv/dist/2019.js'
import type * as ajv2020 from 'ajv/dist/2020.js'
import type ajvDraft04 from 'ajv-draft-04'
import type ajvFormats from 'ajv-formats'
import { InvalidSchemaError } from '../registry-errors.js'

/** Loads a class of ajv with the first schema that needs it: all of them take 50 ms. */
const require = createRequire(import.meta.url)

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

const dialect = (
  ajvClass: () => new (options: Options) => Compiler,
  idKeyword: '$id' | 'id' = '$id',
): Dialect => ({
  idKeyword,
  compiler: (allErrors) => {
    const AjvOfDialect = ajvClass()
    const compiler = new AjvOfDialect({ ...OPTIONS, allErrors })
    const { default: addFormats } = require('ajv-formats') as typeof ajvFormats
    addFormats(compiler as Ajv)
    // ajv refuses the keyword in later drafts, where it is one without meaning.
    if (idKeyword === '$id') compiler.removeKeyword('id')
    return compiler
  },
})

const DRAFT_07 = dialect(() => (require('ajv') as typeof ajv).Ajv)

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['draft-04', dialect(() => (require('ajv-draft-04') as typeof ajvDraft04).default, 'id')],
  ['draft-06', DRAFT_07],
  ['draft-07', DRAFT_07],
  ['draft/2019-09', dialect(() => (require('ajv/dist/2019.js') as typeof ajv2019).Ajv2019)],
  ['draft/2020-12', dialect(() => (require('ajv/dist/2020.js') as typeof ajv2020).Ajv2020)],
])

const DIALECT_URI = /^https?:\/\/json-schema\.org\/(draft-0\d|draft\/\d{4}-\d{2})\/schema#?$/

/** The draft that `$schema` names; draft 7 where it is absent, as in Confluent's clients. */
export function dialectOf(schema: string, uri: unknown): Dialect {
  if (uri === undefined || uri === 'http://json-schema.org/schema#') return DRAFT_07
  const known = DIALECTS.get(DIALECT_URI.exec(String(uri))?.[1] ?? '')
  if (known === undefined) throw new InvalidSchemaError(schema, `$schema ${String(uri)} is not supported`)
  return known
}
