import type { SchemaText } from '../../serdes/schema-registry/schema-text.js'
import { UsageError } from '../usage-error.js'
import type { SchemaCommandLine } from './schema-command-line.js'
import { schemaFile } from './schema-files.js'

/** A schema that is to be a version of a subject. */
export interface SubjectSchema {
  readonly subject: string
  readonly schema: SchemaText
  /** Whether keys have it: their bytes are what partitions and rows of stores go by. */
  readonly isKey: boolean
}

/** The schemas that a command line names. @throws {UsageError} */
export function subjectSchemas(line: SchemaCommandLine): readonly SubjectSchema[] {
  const { subjects, operands, action } = line
  if (operands.length === 0 || operands.length !== subjects.length) {
    throw new UsageError(
      `millrace schema ${action}: give --subject SUBJECT for each file (${subjects.length} for ${operands.length})`,
    )
  }
  return operands.map((file, index) => {
    const subject = subjects[index]!
    return { subject, schema: schemaFile(file, line), isKey: subject.endsWith('-key') }
  })
}
