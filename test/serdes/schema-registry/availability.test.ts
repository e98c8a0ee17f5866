import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type StartClock, untilAvailable } from '../../../src/serdes/schema-registry/availability.js'
import {
  RegistryAccessError,
  RegistryUnavailableError,
} from '../../../src/serdes/schema-registry/registry-errors.js'

const down = (): RegistryUnavailableError => new RegistryUnavailableError('registry', 'ECONNREFUSED')

/** Time that passes as soon as it is waited for, but what is waited for besides an answer. */
class HastyClock implements StartClock {
  private time = 0
  readonly pauses: number[] = []
  /** Has the wait for an answer be over. */
  late: () => void = () => {}

  now(): number {
    return this.time
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > 5_000) {
      return new Promise((resolve, reject) => {
        this.late = () => {
          this.time += ms
          resolve()
        }
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    }
    this.pauses.push(ms)
    this.time += ms
    return Promise.resolve()
  }
}

const rejecting = (error: Error) => (): Promise<void> => Promise.reject(error)

describe('an application that starts', () => {
  it('is not kept where the registry answers at once', () => {
    assert.equal(
      untilAvailable('registry', () => {}, {}),
      undefined,
    )
  })

  it('asks again, less and less often, and says so once', async () => {
    const clock = new HastyClock()
    const warnings: unknown[] = []
    let asked = 0
    const ask = async (): Promise<void> => {
      if (++asked < 9) throw down()
    }
    await untilAvailable('registry', ask, { warn: (warning) => warnings.push(warning) }, clock)
    assert.deepEqual(clock.pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000])
    assert.equal(warnings.length, 1)
  })

  it('gives up after a minute, with what the registry answered last', async () => {
    const clock = new HastyClock()
    const error = down()
    await assert.rejects(async () => untilAvailable('registry', rejecting(error), {}, clock), error)
    assert.ok(clock.now() > 50_000 && clock.now() <= 60_000, String(clock.now()))
  })

  it('gives up after a minute where there is no answer at all', async () => {
    const clock = new HastyClock()
    const opened = untilAvailable('registry', () => new Promise<void>(() => {}), {}, clock)
    clock.late()
    await assert.rejects(async () => opened, {
      code: 'SCHEMA_REGISTRY_UNAVAILABLE',
      message: 'registry is not available: it has not answered for 60 s',
    })
  })

  it('does not ask again where that cannot help', async () => {
    const clock = new HastyClock()
    const refusal = new RegistryAccessError('registry', 'who are you?')
    await assert.rejects(async () => untilAvailable('registry', rejecting(refusal), {}, clock), refusal)
    assert.deepEqual(clock.pauses, [])
  })

  it('is not kept by a registry that does not answer where it is to end', async () => {
    const ending = new AbortController()
    const opened = untilAvailable('registry', () => new Promise<void>(() => {}), { signal: ending.signal })
    ending.abort(new Error('it ends'))
    await assert.rejects(async () => opened, /it ends/)
  })
})
