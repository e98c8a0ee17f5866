import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { exampleNames, pages } from '../../docs/generator/pages.js'

const found = await pages()

describe('documentation', () => {
  for (const { file, present, expected } of found) {
    test(`${basename(file)} shows what its examples give; else run npm run docs`, () => {
      assert.equal(present, expected)
    })
  }

  test('show every example', () => {
    const shown = new Set(found.flatMap(({ examples }) => examples))
    assert.deepEqual([...shown].sort(), exampleNames().sort())
  })

  test('have no link to a page that is not there', () => {
    for (const { file, present } of found) {
      const links = [...present.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)].map(([, link]) => link!)
      for (const link of links) assert.ok(existsSync(join(dirname(file), link)), `${file}: ${link}`)
    }
  })

  test('are all in the index', () => {
    const docs = join(import.meta.dirname, '../../../docs')
    const index = readFileSync(join(docs, 'README.md'), 'utf8')
    for (const { file } of found) {
      const link = relative(docs, file)
      if (link === 'README.md') continue
      assert.ok(index.includes(`(${link})`), link)
    }
  })
})
