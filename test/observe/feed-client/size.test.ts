import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'

const folder = new URL('../../../src/observe/feed-client/', import.meta.url)
const modules = readdirSync(folder).filter((name) => name.endsWith('.js'))
const source = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

describe('the client of feeds', () => {
  test('is less than 4 kB, compressed by gzip as it is in the package, comments and all', () => {
    const bytes = modules.reduce((sum, name) => sum + gzipSync(source(name)).length, 0)
    assert.ok(bytes < 4096, `${bytes} bytes`)
  })

  test('needs nothing but itself', () => {
    for (const name of modules) {
      for (const [, from] of source(name).matchAll(/from '([^']+)'/g)) assert.match(from!, /^\.\/[\w-]+\.js$/)
    }
  })
})
