import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { SchemaId } from '../../serdes/schema-registry/schema-text.js'
import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { reviewText } from './review-text.js'
import type { SchemaAt } from './schema-at.js'
import { type SubjectSchema, subjectSchemas } from './schema-inputs.js'
import { reviewSchema, type SchemaReview } from './schema-review.js'

/** What has become of a schema. */
interface Registration {
  readonly subject: string
  readonly version: number | undefined
  readonly id: SchemaId
  /** `present`: it was there. */
  readonly status: 'registered' | 'present'
}

/**
 * `millrace schema register`: all that is missing, or nothing where one would be refused.
 *
 * @returns the exit code: whether all schemas are registered
 */
export async function register(at: SchemaAt): Promise<number> {
  const { line } = at
  const registry = at.registry()
  const inputs = await subjectSchemas(at)
  const reviews: SchemaReview[] = []
  for (const each of inputs) reviews.push(await reviewSchema(registry, each))
  const isRefused = reviews.some(({ status }) => status === 'refused')
  if (isRefused || line.dryRun) {
    await print(line.json ? `${JSON.stringify(reviews, null, 2)}\n` : planText(reviews, isRefused))
    return isRefused ? ExitCode.SCHEMA_REFUSED : ExitCode.OK
  }
  const done: Registration[] = []
  for (const [index, input] of inputs.entries())
    done.push(await registered(registry, input, reviews[index]!, at))
  const warnings = reviews.flatMap(({ subject, warnings }) =>
    warnings.map((each) => `${subject}: note: ${each}\n`),
  )
  await print(
    line.json
      ? `${JSON.stringify(done, null, 2)}\n`
      : done.map(registrationText).join('') + warnings.join(''),
  )
  return ExitCode.OK
}

function planText(reviews: readonly SchemaReview[], isRefused: boolean): string {
  const missing = reviews.filter(({ status }) => status !== 'registered').map(({ subject }) => subject)
  const end = isRefused
    ? 'nothing is registered\n'
    : `would be registered: ${missing.length === 0 ? 'nothing, all is there' : missing.join(', ')}\n`
  return reviews.map(reviewText).join('') + end
}

async function registered(
  registry: SchemaRegistry,
  { subject, schema }: SubjectSchema,
  { status, id, version }: SchemaReview,
  { line }: SchemaAt,
): Promise<Registration> {
  if (status === 'registered' && id !== undefined) return { subject, version, id, status: 'present' }
  const given = await registry.register(subject, schema)
  if (status === 'new' && line.compatibility !== undefined)
    await registry.setCompatibility(subject, line.compatibility)
  const versions = await registry.versions(subject)
  return {
    subject,
    version: versions.findLast((each) => each.id === given)?.version,
    id: given,
    status: 'registered',
  }
}

const registrationText = ({ subject, version, id, status }: Registration): string =>
  `${subject}: version ${version ?? '?'}, id ${id}, ${status === 'present' ? 'was there' : 'registered'}\n`
