/** The parts of the reference, by where their sources are. */
const PARTS = [
  ['Building a topology', /^src\/dsl\/(streams-builder|topology-builder)|^src\/topology\/topology\.ts/],
  ['Streams', /^src\/dsl\/(kstream|branched|async-streams)/],
  ['Tables', /^src\/dsl\/(ktable|suppressed)/],
  [
    'Grouped and windowed',
    /^src\/dsl\/(kgrouped|cogrouped|time-windowed|session-windowed)|^src\/aggregators\//,
  ],
  ['Windows', /^src\/windows\//],
  ['Processors and stores', /^operators\/(processor-api|timers)|^src\/state\//],
  ['Serdes', /^src\/serdes\//],
  ['Time', /^src\/time\//],
  ['Options and functions', /^src\/dsl\/|^operators\/|^src\/topology\/(offset|sub-topology)/],
  ['Running', /^src\/runtime\//],
  ['Errors', /./],
]

const ERROR = /Error$/

const partOf = ({ name, file }) =>
  PARTS.find(([title, pattern]) => (title === 'Errors' || !ERROR.test(name)) && pattern.test(file))[0]

/** An interface whose members are values is told by its own text. */
const isShape = ({ kind, members }) =>
  kind === 'type' || (kind === 'interface' && members.every((member) => member.kind === 'property'))

const anchor = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')

/** Anchors of what is shown, by name: names that differ in capitals only have anchors that differ by a number. */
const anchorsOf = (shown) => {
  const taken = new Map()
  return new Map(
    shown.map((name) => {
      const plain = anchor(name)
      const count = taken.get(plain) ?? 0
      taken.set(plain, count + 1)
      return [name, count === 0 ? plain : `${plain}-${count}`]
    }),
  )
}

/** Links of doc comments lead to where their target is shown. */
const linked = (text, anchors) =>
  text.replaceAll(/\{@link ([\w.]+)\}/g, (_, name) =>
    anchors.has(name) ? `[\`${name}\`](#${anchors.get(name)})` : `\`${name}\``,
  )

const code = (text) => `\`\`\`ts\n${text}\n\`\`\``

const tagLine = ({ tag, text }) => {
  if (tag === 'param') return `- \`${text.split(' ')[0]}\` ${text.split(' ').slice(1).join(' ')}`
  return tag === 'throws' ? `- throws ${text.replace(/^\{(\w+)\}/, '`$1`')}` : `- ${tag} ${text}`
}

const block = (heading, signatures, doc, anchors) =>
  [
    heading,
    linked(doc.text, anchors),
    code(signatures.map(dedented).join('\n')),
    linked(doc.tags.map(tagLine).join('\n'), anchors),
    ...doc.examples.map(code),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

/** A signature without what is about its source file. */
const shapeText = (signature) =>
  signature
    .replace(/^export /, '')
    .split('\n')
    .filter((line) => !/^\s*\/\/ biome-ignore/.test(line))
    .join('\n')

/** That of a member, as it stands alone. */
const dedented = (signature) => shapeText(signature).replace(/^ {2}(?=\s*\S)/gm, '')

const headOf = ({ kind, signature }) => (kind === 'const' ? [] : [signature.split(' {\n')[0]])

const showExport = (each, anchors) => {
  const heading = `### ${each.name}`
  if (isShape(each)) {
    const parts = [
      heading,
      linked(each.doc.text, anchors),
      code(shapeText(each.signature)),
      ...each.doc.examples.map(code),
    ]
    return parts.filter((part) => part !== '').join('\n\n')
  }
  const signatures = each.signatures ?? headOf(each)
  const own = block(heading, signatures.length > 0 ? signatures : [`const ${each.name}`], each.doc, anchors)
  const members = each.members.map((member) =>
    block(`#### ${each.name}.${member.name}`, member.signatures, member.doc, anchors),
  )
  return [own, ...members].join('\n\n')
}

const INTRODUCTION = `# API

Made by \`npm run docs\` of the doc comments of what the package exports. Every operator has an example, which a test
compiles and runs on \`TopologyTestDriver\`, with these at hand (\`test/docs/api/setting.ts\`):

- \`flights\`, a stream keyed by airport: SFO to JFK 20 minutes late at 0:00, LGA to JFK in time at 0:10, SFO to LGA 45 minutes
  late at 0:50, LGA to SFO 5 minutes late at 1:20
- \`airports\`, a table: JFK and LGA in New York with 4 and 2 runways, SFO in San Francisco with 4
- \`clicks\`, a stream keyed by user: ann home at 0:00 and cart at 0:05, bob home at 0:20, ann home at 1:00
- \`orders\` and \`payments\`, streams keyed by customer: ann orders for 30 and pays 10
- \`builder\`, the \`StreamsBuilder\` of these
- \`results(streamOrTable)\`: its records as lines, \`key: value\`, and \`key start-end: value\` where the key is windowed
- \`answered(stream)\`: the same, once asynchronous operators have their answers
- \`sent(topology, topic, serdes)\`: the lines that a topology writes to a topic`

/** The reference as a page. */
export const apiPage = (api) => {
  const parts = PARTS.map(([title]) => ({ title, exports: api.filter((each) => partOf(each) === title) }))
  const anchors = anchorsOf(
    parts.flatMap(({ title, exports }) => [
      title,
      ...exports.flatMap(({ name, members }) => [name, ...members.map((member) => `${name}.${member.name}`)]),
    ]),
  )
  const contents = parts.map(({ title, exports }) => {
    const links = exports.map(({ name }) => `[${name}](#${anchors.get(name)})`)
    return `- [${title}](#${anchors.get(title)}): ${links.join(', ')}`
  })
  const shown = parts.map(({ title, exports }) =>
    [`## ${title}`, ...exports.map((each) => showExport(each, anchors))].join('\n\n'),
  )
  return `${[INTRODUCTION, contents.join('\n'), ...shown].join('\n\n')}\n`
}
