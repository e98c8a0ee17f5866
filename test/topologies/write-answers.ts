/**
 * Runs Kafka's own examples over the input of ours and writes down what they answer:
 * `npm run build && node dist/test/topologies/write-answers.js`. Needs Java and Maven, as a broker does.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/testing/local-server/package-file.js'
import { requireJava, runMaven } from '../../src/testing/local-server/prerequisites.js'
import { runCommand } from '../../src/testing/local-server/run-command.js'
import {
  answersFile,
  type ExampleAnswer,
  type ExampleRecord,
  exampleModule,
  KAFKA_STREAMS_EXAMPLES,
} from './kafka-streams-example.js'

const PACKAGE = 'org.apache.kafka.streams.examples'

const lines = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n')

/** Our classes come first: they have a KafkaStreams that runs the topology in a test driver. */
const answersOf = async (
  directory: string,
  mainClass: string,
  input: readonly ExampleRecord[],
  output: string,
): Promise<ExampleAnswer[]> => {
  const file = join(directory, 'input')
  await writeFile(file, lines(input))
  const written = await runCommand(await requireJava(), [
    `-Dinput=${file}`,
    `-Doutput=${output}`,
    '-cp',
    `${join(directory, 'classes')}:${join(directory, 'lib', '*')}`,
    `${PACKAGE}.${mainClass}`,
  ])
  return written
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ExampleAnswer)
}

const directory = await mkdtemp(join(tmpdir(), 'millrace-examples-'))
try {
  const project = join(packageRoot(), 'test', 'java', 'kafka-streams-examples', 'pom.xml')
  await runMaven(['-q', '-B', '-f', project, `-DbuildDirectory=${directory}`, 'package'])
  for (const { name, mainClass } of KAFKA_STREAMS_EXAMPLES) {
    const { input, results } = (await exampleModule(name)).demo
    const answers = await answersOf(directory, mainClass, input, results.topic)
    const text = `{"input": [\n${lines(input).replaceAll('\n', ',\n')}\n],\n"answers": [\n${lines(answers).replaceAll('\n', ',\n')}\n]}\n`
    await writeFile(answersFile(name), text)
    console.log(`${name}: ${input.length} records, ${answers.length} answers`)
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
