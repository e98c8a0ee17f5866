import type { EvolutionCase } from './evolution-case.js'

type Verdict = 'both' | 'backward' | 'forward' | 'neither'

const change = (
  name: string,
  older: unknown,
  newer: unknown,
  verdict: Verdict,
  ...changes: string[]
): EvolutionCase => ({
  name,
  older: JSON.stringify(older),
  newer: JSON.stringify(newer),
  backward: verdict === 'both' || verdict === 'backward',
  forward: verdict === 'both' || verdict === 'forward',
  changes,
})

const object = (properties: object, rest: object = {}): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Flight',
  type: 'object',
  properties,
  ...rest,
})
const CLOSED = { additionalProperties: false }
const id = { type: 'string' }
const delay = { type: 'integer' }

/** A change of the schema of a property. */
const typed = (
  name: string,
  older: object,
  newer: object,
  verdict: Verdict,
  ...kinds: string[]
): EvolutionCase =>
  change(
    name,
    object({ id, x: older }),
    object({ id, x: newer }),
    verdict,
    ...kinds.map((kind) => (kind.includes(' ') ? kind : `Flight.x ${kind}`)),
  )

/** Changes of a JSON Schema: safe is what allows all that the other schema does. */
export const JSON_SCHEMA_CASES: readonly EvolutionCase[] = [
  change(
    'an optional property added to a closed schema',
    object({ id }, CLOSED),
    object({ id, delay }, CLOSED),
    'backward',
    'Flight.delay field-added',
  ),
  change(
    'an optional property added to an open schema',
    object({ id }),
    object({ id, delay }),
    'forward',
    'Flight.delay field-added',
  ),
  change(
    'a property without type added to an open schema',
    object({ id }),
    object({ id, delay: {} }),
    'both',
    'Flight.delay field-added',
  ),
  change(
    'a property removed from a closed schema',
    object({ id, delay }, CLOSED),
    object({ id }, CLOSED),
    'forward',
    'Flight.delay field-removed',
  ),
  change(
    'a property removed from an open schema',
    object({ id, delay }),
    object({ id }),
    'backward',
    'Flight.delay field-removed',
  ),
  change(
    'a required property added to a closed schema',
    object({ id }, CLOSED),
    object({ id, delay }, { ...CLOSED, required: ['delay'] }),
    'neither',
    'Flight.delay field-added',
    'Flight.delay required-added',
  ),
  change(
    'a property now required',
    object({ id, delay }),
    object({ id, delay }, { required: ['delay'] }),
    'forward',
    'Flight.delay required-added',
  ),
  change(
    'a property no longer required',
    object({ id, delay }, { required: ['delay'] }),
    object({ id, delay }),
    'backward',
    'Flight.delay required-removed',
  ),
  change('closed', object({ id }), object({ id }, CLOSED), 'forward', 'Flight.* closed'),
  change('opened', object({ id }, CLOSED), object({ id }), 'backward', 'Flight.* opened'),
  change(
    'other properties restricted to a type',
    object({ id }),
    object({ id }, { additionalProperties: { type: 'string' } }),
    'forward',
    'Flight.* type-narrowed',
  ),
  change(
    'the description changed',
    object({ id }),
    object({ id }, { description: 'One.' }),
    'both',
    'Flight doc-changed',
  ),
  typed('integer to number', { type: 'integer' }, { type: 'number' }, 'backward', 'type-widened'),
  typed('number to integer', { type: 'number' }, { type: 'integer' }, 'forward', 'type-narrowed'),
  typed('string to integer', { type: 'string' }, { type: 'integer' }, 'neither', 'type-changed'),
  typed('also null', { type: 'string' }, { type: ['string', 'null'] }, 'backward', 'type-widened'),
  typed('a minimum added', { type: 'integer' }, { type: 'integer', minimum: 0 }, 'forward', 'tightened'),
  typed(
    'a minimum raised',
    { type: 'integer', minimum: 0 },
    { type: 'integer', minimum: 1 },
    'forward',
    'tightened',
  ),
  typed(
    'a minimum lowered',
    { type: 'integer', minimum: 1 },
    { type: 'integer', minimum: 0 },
    'backward',
    'loosened',
  ),
  typed(
    'a maximum lowered',
    { type: 'integer', maximum: 9 },
    { type: 'integer', maximum: 8 },
    'forward',
    'tightened',
  ),
  typed('a maximum removed', { type: 'integer', maximum: 9 }, { type: 'integer' }, 'backward', 'loosened'),
  typed(
    'a multiple of another one',
    { type: 'integer', multipleOf: 2 },
    { type: 'integer', multipleOf: 4 },
    'forward',
    'tightened',
  ),
  typed(
    'a length raised',
    { type: 'string', maxLength: 3 },
    { type: 'string', maxLength: 4 },
    'backward',
    'loosened',
  ),
  typed(
    'a least length raised',
    { type: 'string', minLength: 3 },
    { type: 'string', minLength: 4 },
    'forward',
    'tightened',
  ),
  typed('a pattern added', { type: 'string' }, { type: 'string', pattern: '^A' }, 'forward', 'tightened'),
  typed(
    'a pattern changed',
    { type: 'string', pattern: '^B' },
    { type: 'string', pattern: '^A' },
    'neither',
    'keyword-changed',
  ),
  typed('a pattern removed', { type: 'string', pattern: '^A' }, { type: 'string' }, 'backward', 'loosened'),
  typed('a value added', { enum: ['A'] }, { enum: ['A', 'B'] }, 'backward', 'enum-symbol-added'),
  typed('a value removed', { enum: ['A', 'B'] }, { enum: ['A'] }, 'forward', 'enum-symbol-removed'),
  typed('a default added', { type: 'integer' }, { type: 'integer', default: 0 }, 'both', 'default-added'),
  typed('more items', { type: 'array', maxItems: 1 }, { type: 'array', maxItems: 2 }, 'backward', 'loosened'),
  typed(
    'items of a wider type',
    { type: 'array', items: { type: 'integer' } },
    { type: 'array', items: { type: 'number' } },
    'backward',
    'Flight.x[] type-widened',
  ),
  typed('unlike items', { type: 'array' }, { type: 'array', uniqueItems: true }, 'forward', 'tightened'),
  typed(
    'a branch added',
    { oneOf: [{ type: 'integer' }] },
    { oneOf: [{ type: 'integer' }, { type: 'string' }] },
    'backward',
    'union-branch-added',
  ),
  typed(
    'a branch removed',
    { oneOf: [{ type: 'integer' }, { type: 'string' }] },
    { oneOf: [{ type: 'integer' }] },
    'forward',
    'union-branch-removed',
  ),
  typed(
    'a branch widened',
    { anyOf: [{ type: 'null' }, { title: 'N', type: 'integer' }] },
    { anyOf: [{ type: 'null' }, { title: 'N', type: 'number' }] },
    'backward',
    'type-widened',
  ),
  typed(
    'a part added',
    { allOf: [{ type: 'integer' }] },
    { allOf: [{ type: 'integer' }, { minimum: 0 }] },
    'forward',
    'tightened',
  ),
  typed('less excluded', { not: { type: 'number' } }, { not: { type: 'integer' } }, 'backward', 'loosened'),
]
