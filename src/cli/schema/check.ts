import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { reviewText } from './review-text.js'
import type { SchemaAt } from './schema-at.js'
import { subjectSchemas } from './schema-inputs.js'
import { reviewSchema, type SchemaReview } from './schema-review.js'

/** `millrace schema check`. @returns the exit code: whether all schemas are taken */
export async function check(at: SchemaAt): Promise<number> {
  const { line } = at
  const registry = at.registry()
  const reviews: SchemaReview[] = []
  for (const each of await subjectSchemas(at)) reviews.push(await reviewSchema(registry, each))
  await print(line.json ? `${JSON.stringify(reviews, null, 2)}\n` : reviews.map(reviewText).join(''))
  return reviews.some(({ status }) => status === 'refused') ? ExitCode.SCHEMA_REFUSED : ExitCode.OK
}
