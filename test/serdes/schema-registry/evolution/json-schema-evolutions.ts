import fc from 'fast-check'

const kinds = fc.constantFrom('null', 'boolean', 'object', 'array', 'string', 'integer', 'number')
const small = fc.integer({ min: 0, max: 3 })

/** Few names and small numbers, so that two schemas often have something to say of the same values. */
const { schema } = fc.letrec<{ schema: unknown; object: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 1, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: fc.record({ type: fc.uniqueArray(kinds, { minLength: 1, maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.constant({ $ref: '#/definitions/d' }) },
    { weight: 6, arbitrary: tie('object') },
  ),
  object: fc.oneof(
    fc.record(
      {
        type: kinds,
        minimum: small,
        maximum: small,
        exclusiveMinimum: small,
        multipleOf: fc.constantFrom(1, 2, 0.5),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        type: fc.constant('string'),
        minLength: small,
        maxLength: small,
        pattern: fc.constantFrom('^a', 'b$'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom(null, 0, 1, 'a', 'ab', true), { minLength: 1 }) }),
    fc.record({ const: fc.constantFrom(null, 0, 1, 'a') }),
    fc.record(
      {
        type: fc.constant('array'),
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { minLength: 1, maxLength: 2 })),
        additionalItems: tie('schema'),
        minItems: small,
        maxItems: small,
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
    // ajv takes an empty array for one that contains something where the items are told one by one.
    fc.record({ type: fc.constant('array'), items: tie('schema'), contains: tie('schema') }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 }),
        required: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
        additionalProperties: tie('schema'),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'c'), tie('schema'), { maxKeys: 1 }),
        minProperties: small,
        maxProperties: small,
        propertyNames: fc.constantFrom({ maxLength: 1 }, { enum: ['a', 'b'] }),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
        allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        not: tie('schema'),
        if: tie('schema'),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: tie('schema'),
      },
      { requiredKeys: [] },
    ),
  ),
}))

/** It may contain itself, but is not nothing but itself. */
const definition = schema.map((each) => ({ type: 'array', items: each, maxItems: 1 }))

const withDefinition = (root: unknown, definition: unknown): string =>
  JSON.stringify(typeof root === 'boolean' ? root : { ...(root as object), definitions: { d: definition } })

/** One part replaced by another, somewhere. */
function changed(node: unknown, at: number, other: unknown): unknown {
  let left = at
  const visit = (value: unknown): unknown => {
    if (left-- === 0) return other
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, within(key, each)]))
  }
  const within = (keyword: string, value: unknown): unknown => {
    if (SINGLE.includes(keyword)) return Array.isArray(value) ? value.map(visit) : visit(value)
    if (!BY_NAME.includes(keyword)) return value
    return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, visit(each)]))
  }
  return visit(node)
}

const SINGLE = [
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
]
const BY_NAME = ['properties', 'patternProperties']

/** Two versions as text: unlike, or the same but for a part. */
export const jsonSchemaEvolution: fc.Arbitrary<readonly [older: string, newer: string]> = fc
  .tuple(schema, schema, definition, fc.option(definition), fc.option(fc.nat(5), { freq: 3 }))
  .map(([older, other, one, another, at]) => {
    const newer = at === null ? other : changed(older, at, other)
    return [withDefinition(older, one), withDefinition(newer, another ?? one)]
  })

export const jsonValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 4, arbitrary: fc.constantFrom(null, true, false, 0, 1, 2, 3, 0.5, 'a', 'ab', 'b', '') },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'ab'), tie('value'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    },
  ),
})).value
