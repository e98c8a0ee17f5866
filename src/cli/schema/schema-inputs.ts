import { serdeUses } from '../../runtime/serde-uses.js'
import { RegisteredSerde } from '../../serdes/schema-registry/registered-serde.js'
import type { SchemaText } from '../../serdes/schema-registry/schema-text.js'
import { settle } from '../../serdes/settle.js'
import { topologyOf } from '../module-url.js'
import { UsageError } from '../usage-error.js'
import type { SchemaAt } from './schema-at.js'
import type { SchemaCommandLine } from './schema-command-line.js'
import { schemaFile } from './schema-files.js'

/** A schema that is to be a version of a subject. */
export interface SubjectSchema {
  readonly subject: string
  readonly schema: SchemaText
  /** Whether keys have it: their bytes are what partitions and rows of stores go by. */
  readonly isKey: boolean
}

/** A schema of a serde of a topology. */
export interface UsedSchema extends SubjectSchema {
  /** Whether records or rows are written with it, so that the subject has to have it. */
  readonly isWritten: boolean
}

/**
 * The schemas that a command line names: those of files, or of all serdes of a module's topology that write.
 *
 * @throws {UsageError}
 */
export async function subjectSchemas({ line, applicationId }: SchemaAt): Promise<readonly SubjectSchema[]> {
  const { subjects, operands, action } = line
  const [module, ...others] = operands
  if (subjects.length > 0) return ofFiles(line)
  if (module === undefined || others.length > 0 || !isModule(module)) {
    throw new UsageError(`millrace schema ${action}: give a module, or --subject SUBJECT for each file`)
  }
  return (await schemasOfModule(module, applicationId())).filter(({ isWritten }) => isWritten)
}

/** Whether an operand is a module with a topology. */
export const isModule = (operand: string): boolean =>
  operand.startsWith('file:') || /\.[cm]?[jt]s$/.test(operand)

function ofFiles(line: SchemaCommandLine): SubjectSchema[] {
  const { subjects, operands, action } = line
  if (operands.length !== subjects.length) {
    const count = `${subjects.length} for ${operands.length}`
    throw new UsageError(`millrace schema ${action}: give --subject SUBJECT for each file (${count})`)
  }
  return operands.map((file, index) => {
    const subject = subjects[index]!
    return { subject, schema: schemaFile(file, line), isKey: subject.endsWith('-key') }
  })
}

/**
 * The schemas of all serdes of a module's topology.
 *
 * @throws {UsageError} if none has one
 */
export async function schemasOfModule(module: string, applicationId: string): Promise<readonly UsedSchema[]> {
  const found = new Map<string, UsedSchema>()
  for (const [serde, uses] of serdeUses(await topologyOf(module), applicationId)) {
    if (!(serde instanceof RegisteredSerde)) continue
    for (const { subject, schema, use } of await settle(serde.subjects(uses))) {
      // What is the latest version of the subject is registered, or there is none yet.
      if (schema === undefined) continue
      const key = JSON.stringify([subject, schema])
      const before = found.get(key)
      const isKey = use.part === 'key' || before?.isKey === true
      const isWritten = use.access !== 'read' || before?.isWritten === true
      found.set(key, { subject, schema, isKey, isWritten })
    }
  }
  if (found.size > 0) return [...found.values()]
  throw new UsageError(`${module}: no serde of the topology has a registered schema`)
}
