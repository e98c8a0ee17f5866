import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { PROJECT } from './packed-package.js'

/** What does not ship: the demo, and the servers that tests and the demo start. */
const NOT_SHIPPED = /^(demo|testing.(kafka-broker|local-server|schema-registry))[\\/]/

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm

/** The code of the library, comments left out, by file. */
const sources: ReadonlyMap<string, string> = new Map(
  ['src', 'operators'].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !NOT_SHIPPED.test(name))
      .map((name) => [
        `${folder}/${name}`,
        readFileSync(join(PROJECT, folder, name), 'utf8').replaceAll(COMMENT, ''),
      ]),
  ),
)

/** What there is on POSIX only, or is not the same elsewhere. */
const POSIX_ONLY: ReadonlyMap<string, RegExp> = new Map([
  [
    'a path that is absolute or has separators written out',
    /['"`](?:\.{0,2}\/)?(?:tmp|dev|proc|var|etc|usr|home)\/|['"`]\/(?:tmp|dev|proc)\b/,
  ],
  ['a path taken apart by its separator', /(?:split|join|lastIndexOf|indexOf)\(\s*['"]\/['"]\s*\)/],
  ['a path put together without node:path', /(?:[dD]irectory|[dD]ir|[pP]ath)\}\//],
  // Of what a request asks for the path is a path of URLs, nothing else.
  [
    'the path of a URL taken for that of a file',
    /import\.meta\.url\)\.pathname|(?<!\b(?:url|request))\.pathname/,
  ],
  ['a variant of node:path that is for one system', /path\.(?:posix|win32)|node:path\/posix/],
  ['a signal beside those that node has everywhere', /['"]SIG(?!INT['"]|TERM['"])[A-Z0-9]+['"]/],
  ['another process by its id', /process\.kill\(/],
  ['users and permissions', /process\.(?:getuid|geteuid|getgid|setuid|setgid|umask)|\bf?chmod|\bl?chown/],
  ['links and special files', /\b(?:sym)?link(?:Sync)?\(|\bmkfifo/],
  ['a program of the system', /node:child_process/],
  ['a socket of the file system', /\.sock\b/],
  ['the home directory by its variable', /env\.(?:HOME|TMPDIR|USER)\b/],
  ['one system named', /process\.platform/],
])

describe('the library', () => {
  for (const [what, pattern] of POSIX_ONLY) {
    test(`needs on no system: ${what}`, () => {
      const found = [...sources].filter(([, code]) => pattern.test(code)).map(([file]) => file)
      assert.deepEqual(found, [])
    })
  }

  test('has no two files whose names differ in capitals only', () => {
    const names = [...sources.keys()].map((name) => name.toLowerCase())
    assert.equal(new Set(names).size, names.length)
  })
})
