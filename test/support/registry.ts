import { SchemaRegistryServer } from '../../src/testing/schema-registry/index.js'

let ownOfProcess: Promise<SchemaRegistryServer> | undefined

/**
 * Address of the schema registry of MILLRACE_TEST_REGISTRY where that is set (the test runner does for files of
 * integration with `registry`, `schema` or `avro` in their names), else of one that the tests of this process share.
 * Use subjects of your own, and leave what holds for all of them as it is.
 */
export const testRegistry = async (): Promise<string> => {
  const given = process.env.MILLRACE_TEST_REGISTRY
  if (given) return given
  ownOfProcess ??= SchemaRegistryServer.start()
  const registry = await ownOfProcess
  // It serves every test of this process, and ends with the process.
  registry.unref()
  return registry.url
}
