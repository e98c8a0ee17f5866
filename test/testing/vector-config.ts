import type { TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import type { Vector } from './vector.js'

/** The options of a test driver that mean what a vector's configuration means in Kafka Streams. */
export function driverOptions({ config, initialWallClockMs }: Vector): TopologyTestDriverOptions {
  return {
    cacheMaxBytes: Number(config['statestore.cache.max.bytes'] ?? 0),
    initialWallClock: initialWallClockMs ?? 0,
  }
}
