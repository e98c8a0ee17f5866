/**
 * Writes down the public classes of Kafka Streams and their public methods, as the compiled classes have them:
 * `npm run build && node dist/test/docs/write-kafka-streams-api.js`. Needs a JDK and Maven.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/testing/local-server/package-file.js'
import { runMaven } from '../../src/testing/local-server/prerequisites.js'
import { runCommand } from '../../src/testing/local-server/run-command.js'

const PACKAGE = 'org.apache.kafka.streams.'
const JAR = /^kafka-streams(-test-utils)?-\d.*\.jar$/
const CLASS =
  /^org\/apache\/kafka\/streams\/(?:(?:kstream|processor|processor\/api|state|errors|query|test)\/)?[A-Z]\w*\.class$/
/** What every class has, or every enumeration. */
const OF_ALL = new Set(['equals', 'hashCode', 'toString', 'values', 'valueOf'])

const classesOf = async (jar: string): Promise<string[]> => {
  const entries = (await runCommand('jar', ['tf', jar])).split('\n')
  return entries
    .filter((entry) => CLASS.test(entry))
    .map((entry) => entry.slice(0, -'.class'.length).replaceAll('/', '.'))
}

/** The methods of each class in what `javap -public` prints. */
const publicMethods = (printed: string): [name: string, methods: string[]][] =>
  [...printed.matchAll(/^public ([^{]*)\{\n([\s\S]*?)^\}/gm)].map(([, head, body]) => {
    const name = /(?:class|interface|enum) ([\w.]+)/.exec(head!)![1]!.slice(PACKAGE.length)
    const methods = [...body!.matchAll(/ (\w+)\(/g)].map(([, method]) => method!)
    return [name, [...new Set(methods)].filter((method) => !OF_ALL.has(method)).sort()]
  })

const directory = await mkdtemp(join(tmpdir(), 'millrace-kafka-streams-api-'))
try {
  const project = join(packageRoot(), 'test', 'java', 'kafka-streams-examples', 'pom.xml')
  await runMaven(['-q', '-B', '-f', project, `-DbuildDirectory=${directory}`, 'package'])
  const libraries = join(directory, 'lib')
  const jars = (await readdir(libraries))
    .filter((file) => JAR.test(file))
    .map((file) => join(libraries, file))
  const classes = (await Promise.all(jars.map(classesOf))).flat()
  const printed = await runCommand('javap', ['-public', '-cp', jars.join(':'), ...classes])
  const lines = publicMethods(printed)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, methods]) => `${JSON.stringify(name)}: ${JSON.stringify(methods)}`)
  const file = join(packageRoot(), 'test', 'docs', 'generated', 'kafka-streams-4.3-api.json')
  await writeFile(file, `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${lines.length} classes`)
} finally {
  await rm(directory, { recursive: true, force: true })
}
