import { KafkaBroker, type KafkaBrokerOptions } from '../../src/testing/kafka-broker/index.js'

/** A broker for tests: its addresses, and what to release. */
export interface TestBroker extends AsyncDisposable {
  readonly brokers: string[]
}

let ownOfProcess: Promise<KafkaBroker> | undefined

const sharedInProcess = async (): Promise<TestBroker> => {
  ownOfProcess ??= KafkaBroker.start()
  const broker = await ownOfProcess
  // It serves every test of this process, and ends with the process.
  broker.unref()
  return { brokers: [...broker.brokers], [Symbol.asyncDispose]: async () => {} }
}

/**
 * The broker of MILLRACE_TEST_BROKERS where that is set (the test runner does), else one that the tests of this
 * process share. Use topics and groups of your own.
 */
export const testBroker = async (): Promise<TestBroker> => {
  const given = process.env.MILLRACE_TEST_BROKERS
  if (!given) return sharedInProcess()
  return { brokers: given.split(','), [Symbol.asyncDispose]: async () => {} }
}

/** A real broker of one's own, for tests that configure, stop or kill it. */
export const ownBroker = (options: KafkaBrokerOptions = {}): Promise<KafkaBroker> =>
  KafkaBroker.start({ quickStart: true, ...options })
