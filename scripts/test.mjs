import { basename } from 'node:path'
import { lint } from './lib/lint.mjs'
import { prepare } from './lib/prepare.mjs'
import { built } from './lib/project.mjs'
import { runScript } from './lib/run-script.mjs'
import { findTests, interruption, report, runTests } from './lib/run-tests.mjs'

/** Leaves out the tests that need a broker, and those of what breaks one. */
const UNIT = '--unit'

const WITH_BROKER = /dist[\\/]test[\\/](integration|chaos)[\\/]/

/** The broker that all test files share; tests that configure or stop one start their own. */
const sharedBroker = async () => {
  const { KafkaBroker } = await import(built('src/testing/kafka-broker/index.js'))
  return KafkaBroker.start({ onFetch: () => console.log('Fetching Apache Kafka (once) ...') })
}

const needsBroker = (file) => file.includes('integration')

const withBroker = async (files, action) => {
  if (process.env.MILLRACE_TEST_BROKERS || !files.some(needsBroker)) return action()
  const broker = await sharedBroker()
  try {
    process.env.MILLRACE_TEST_BROKERS = broker.brokers.join(',')
    return await action()
  } finally {
    await broker.stop()
  }
}

/** The schema registry that all test files share, likewise. */
const sharedRegistry = async () => {
  const { SchemaRegistryServer } = await import(built('src/testing/schema-registry/index.js'))
  return SchemaRegistryServer.start({ onFetch: () => console.log('Fetching Apicurio Registry (once) ...') })
}

const needsRegistry = (file) => needsBroker(file) && /registry|schema|avro/.test(basename(file))

const withRegistry = async (files, action) => {
  if (process.env.MILLRACE_TEST_REGISTRY || !files.some(needsRegistry)) return action()
  const registry = await sharedRegistry()
  try {
    process.env.MILLRACE_TEST_REGISTRY = registry.url
    return await action()
  } finally {
    await registry.stop()
  }
}

runScript(async () => {
  const args = process.argv.slice(2)
  const patterns = args.filter((arg) => arg !== UNIT)
  if (!(await prepare())) return false
  if (!(await lint())) return false
  const found = findTests(patterns)
  const files = args.includes(UNIT) ? found.filter((file) => !WITH_BROKER.test(file)) : found
  if (files.length === 0) throw new Error(`no test file has ${patterns.join(' or ')} in its path`)
  const run = () => runTests(files, interruption())
  return report(await withBroker(files, () => withRegistry(files, run)))
})
