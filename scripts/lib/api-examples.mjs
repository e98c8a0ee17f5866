/** Those need a cluster: their examples are compiled, but not run. */
const NEEDS_CLUSTER = /^src\/runtime\//

const TYPES = new Set(['interface', 'type'])

/** Every example of the reference, by what it is about: `{ about, code, runs }`. */
const examplesOf = (api) =>
  api.flatMap(({ name, file, doc, members }) =>
    [
      ...numbered(name, doc.examples),
      ...members.flatMap((member) => numbered(`${name}.${member.name}`, member.doc.examples)),
    ].map((example) => ({ ...example, runs: !NEEDS_CLUSTER.test(file) })),
  )

/** The examples of one thing; from the second one on with a number. */
const numbered = (about, examples) =>
  examples.map((code, at) => ({ about: at === 0 ? about : `${about} ${at + 1}`, code }))

/** The names that an example uses, so that each gets what it needs and nothing else. */
const used = (code, names) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(code))

const SETTING = [
  'builder',
  'flights',
  'airports',
  'clicks',
  'orders',
  'payments',
  'results',
  'answered',
  'sent',
]

/** The code is not indented: lines of a template literal would be, too. */
const functionOf = ({ about, code, runs }) => {
  const declared = new Set([...code.matchAll(/\b(?:const|class) (\w+)/g)].map(([, name]) => name))
  const given = used(code, SETTING).filter((name) => !declared.has(name))
  const setting = given.length === 0 ? '' : `    const { ${given.join(', ')} } = setting()\n`
  const [key, arrow] = [`'${about}'`, /\bawait\b/.test(code) || !runs ? 'async () =>' : '() =>']
  return `  ${key}: ${arrow} {\n${setting}${code}\n  },\n`
}

const recordOf = (name, type, doc, examples) =>
  `/** ${doc} */\nexport const ${name}: Readonly<Record<string, () => ${type}>> = {\n${examples.map(functionOf).join('')}}\n`

/** A module with the examples of all doc comments as functions. */
export const exampleModule = (api) => {
  const examples = examplesOf(api)
  const code = examples.map((example) => example.code).join('\n')
  const imports = api
    .filter(({ name }) => used(code, [name]).length > 0)
    .map(({ name, kind }) => (TYPES.has(kind) ? `type ${name}` : name))
  return [
    '// Made by `npm run docs` of the doc comments: change those.',
    "import assert from 'node:assert/strict'",
    `import {\n${imports.map((name) => `  ${name},\n`).join('')}} from 'millrace'`,
    "import { type Account, type Flight, setting } from '../api/setting.js'",
    '',
    recordOf(
      'EXAMPLES',
      'void | Promise<void>',
      'The examples of the doc comments, by what they are about.',
      examples.filter(({ runs }) => runs),
    ),
    recordOf(
      'CLUSTER_EXAMPLES',
      'Promise<void>',
      'Those that need a cluster: that they compile is all that is tried.',
      examples.filter(({ runs }) => !runs),
    ),
  ].join('\n')
}
