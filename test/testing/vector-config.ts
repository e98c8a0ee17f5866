import type { ExceptionResponse } from '../../src/runtime/exception-handlers.js'
import type { TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import type { Vector } from './vector.js'

/** That of windowed aggregations and that of outer joins; a vector has one of them only. */
const EMIT_INTERVALS = [
  '__emit.interval.ms.kstreams.windowed.aggregation__',
  '__emit.interval.ms.kstreams.outer.join.spurious.results.fix__',
]

/** The options of a test driver that mean what a vector's configuration means in Kafka Streams. */
export function driverOptions({ config, initialWallClockMs }: Vector): TopologyTestDriverOptions {
  return {
    cacheMaxBytes: Number(config['statestore.cache.max.bytes'] ?? 0),
    initialWallClock: initialWallClockMs ?? 0,
    emitInterval: Math.max(...EMIT_INTERVALS.map((name) => Number(config[name] ?? 0))),
    deserializationExceptionHandler: response(config['deserialization.exception.handler']),
    processingExceptionHandler: response(config['processing.exception.handler']),
  }
}

/** What an exception handler of Kafka Streams says, by the name of its class. */
const response = (handler: unknown): ExceptionResponse =>
  String(handler ?? '').includes('LogAndContinue') ? 'continue' : 'fail'
