import { SerdeError } from '../../../src/index.js'
import {
  type SchemaFormat,
  SchemaResolutionError,
  type SchemaText,
} from '../../../src/serdes/schema-registry/index.js'

/** A schema that says what values begin with. */
export const greeting = (word: string): SchemaText => ({ type: 'JSON', schema: JSON.stringify({ word }) })

const wordOf = ({ schema }: { readonly schema: string }): string =>
  (JSON.parse(schema) as { readonly word: string }).word

/** Names, written behind the word of their schema; a reader of another word says its own. */
export const greetings = (schema: SchemaText | undefined): SchemaFormat<string> => ({
  name: 'greeting',
  type: 'JSON',
  schema,
  recordName: (resolved) => `test.${wordOf(resolved)}`,
  writer: (resolved) => {
    const word = wordOf(resolved)
    return {
      write: (value, target) => {
        if (!value.startsWith(word)) throw new SerdeError('greeting', `${value} does not begin with ${word}`)
        target.writeUtf8(value)
      },
    }
  },
  reader: (writer, reader) => {
    const [written, read] = [wordOf(writer), wordOf(reader)]
    if (read === 'nothing') throw new SchemaResolutionError(`${written} cannot be read as nothing`)
    return {
      read: (source, start, end) =>
        `${read}${source.toString('utf8', start + Buffer.byteLength(written), end)}`,
    }
  },
})
