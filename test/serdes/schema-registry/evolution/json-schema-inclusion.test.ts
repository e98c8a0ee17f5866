import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { diffSchemas } from '../../../../src/serdes/schema-registry/evolution/diff-schemas.js'
import type { ResolvedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'
import { jsonSchemaEvolution, jsonValue } from './json-schema-evolutions.js'

const json = (schema: string): ResolvedSchema => ({ type: 'JSON', schema, referenced: [] })

const ajv = new Ajv({ strict: false, logger: false })

const validatorOf = (schema: string): ((value: unknown) => boolean) => ajv.compile(JSON.parse(schema))

describe('the changes of a JSON Schema', () => {
  test('are safe only where readers take every value of the other schema', () => {
    let safe = 0
    fc.assert(
      fc.property(
        jsonSchemaEvolution,
        fc.array(jsonValue, { minLength: 8, maxLength: 8 }),
        ([older, newer], values) => {
          const changes = diffSchemas(json(older), json(newer))
          const [backward, forward] = [
            changes.every((each) => each.backward),
            changes.every((each) => each.forward),
          ]
          if (!backward && !forward) return
          safe++
          const [oldReader, newReader] = [validatorOf(older), validatorOf(newer)]
          for (const value of values) {
            const [was, is] = [oldReader(value), newReader(value)]
            if (backward && was) assert.ok(is, `new readers take ${JSON.stringify(value)}`)
            if (forward && is) assert.ok(was, `old readers take ${JSON.stringify(value)}`)
          }
        },
      ),
      { numRuns: 500 },
    )
    assert.ok(safe > 0)
  })

  test('are none from a schema to itself', () => {
    fc.assert(
      fc.property(jsonSchemaEvolution, ([schema]) => {
        assert.deepEqual(diffSchemas(json(schema), json(schema)), [])
      }),
    )
  })
})
