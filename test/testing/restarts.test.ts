import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOT_IMPLEMENTED } from './not-implemented.js'
import { RestartingDriver } from './restarting-driver.js'
import { loadVector, type Vector, vectorFolder, vectorNames } from './vector.js'
import { driverOptions } from './vector-config.js'
import { differenceWith, topologyOf } from './vector-run.js'

/** Vectors whose answers depend on what a process has in memory only, as those of Kafka Streams do. */
const IN_MEMORY: Readonly<Record<string, string>> = {
  papi_punctuator_store_emit_and_cancel: 'a schedule that was cancelled is made again',
  papi_punctuator_stream_time: 'the processor counts in memory',
  papi_punctuator_wall_clock: 'the processor counts in memory',
}

/** Global stores come back from their topics, which the driver does not keep; they are lost on a broker instead. */
const isLeftOut = ({ name, topology }: Vector, lost: boolean): boolean =>
  (lost && topology.startsWith('globaljoin_')) ||
  name in IN_MEMORY ||
  NOT_IMPLEMENTED.some((prefix) => topology.startsWith(prefix))

for (const lost of [false, true]) {
  describe(`a task that ends after each step and begins again${lost ? ', with its state lost' : ''}`, () => {
    const folder = vectorFolder()
    for (const vector of vectorNames(folder).map((name) => loadVector(folder, name))) {
      if (isLeftOut(vector, lost)) continue
      it(`answers as ever: ${vector.name}`, async () => {
        const driver = new RestartingDriver(topologyOf(vector), driverOptions(vector), lost)
        assert.equal(await differenceWith(driver, vector), undefined)
      })
    }
  })
}
