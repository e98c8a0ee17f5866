import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { SchemaText } from '../../serdes/schema-registry/schema-text.js'
import { type NamedSchema, schemaTypes } from '../../serdes/schema-registry/types/schema-types.js'
import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { UsageError } from '../usage-error.js'
import { atHand } from './resolved.js'
import type { SchemaAt } from './schema-at.js'
import { schemaFile } from './schema-files.js'
import { isModule, schemasOfModule } from './schema-inputs.js'
import { subjectVersion, versionOf } from './subject-version.js'

const HEAD = '// Made by `millrace schema types`: change the schemas, not this.\n\n'

/** `millrace schema types`. @returns the exit code: with `--check`, whether the file is as it would be written */
export async function types(at: SchemaAt): Promise<number> {
  const { line } = at
  if (line.check && line.out === undefined)
    throw new UsageError('millrace schema types --check: give the file with --out')
  const named: NamedSchema[] = []
  for (const { name, schema } of await schemasOf(at))
    named.push({ name, schema: await atHand(at.registry, schema) })
  const text = HEAD + schemaTypes(named, { long: line.long })
  if (line.out === undefined) await print(text)
  else if (line.check) return checked(line.out, text)
  else writeFileSync(line.out, text)
  return ExitCode.OK
}

function checked(file: string, text: string): number {
  if (contentOf(file) === text) return ExitCode.OK
  process.stderr.write(`${file} is out of date: run millrace schema types again, without --check\n`)
  return ExitCode.SCHEMA_REFUSED
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function schemasOf(at: SchemaAt): Promise<{ name: string; schema: SchemaText }[]> {
  const { line, registry } = at
  const [module, ...others] = line.operands
  if (module !== undefined && isModule(module)) {
    if (others.length > 0)
      throw new UsageError('millrace schema types: give one module, and nothing beside it')
    const used = await schemasOfModule(module, at.applicationId())
    return used.map(({ subject, schema }) => ({ name: subject, schema }))
  }
  const files = line.operands.map((file) => ({
    name: basename(file).replace(/\.[^.]+$/, ''),
    schema: schemaFile(file, line),
  }))
  const registered: { name: string; schema: SchemaText }[] = []
  for (const each of line.subjects) {
    const { subject, version = 'latest' } = subjectVersion(each)
    registered.push({ name: subject, schema: await versionOf(registry(), subject, version) })
  }
  if (files.length + registered.length > 0) return [...files, ...registered]
  throw new UsageError('millrace schema types: give files, a module, or subjects with --subject')
}
