import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import topology, {
  type Decision,
  demo,
  type Limit,
  type Request,
  USUAL_LIMIT,
} from '../../topologies/rate-limits.js'

/** Windows that would begin before the epoch are one. */
const START = 60_000

/** Times are milliseconds from the start. */
class Gateway implements Disposable {
  private readonly driver = new TopologyTestDriver(topology)
  private readonly requests = this.driver.createInputTopic('requests', {
    key: string(),
    value: json<Request>(),
  })
  private readonly limits = this.driver.createInputTopic('limits', { key: string(), value: json<Limit>() })
  private readonly out = this.driver.createOutputTopic('rate-decisions', {
    key: string(),
    value: json<Decision>(),
  })

  limit(client: string, requests: number, timestamp: number): void {
    this.limits.pipe(client, { requests }, { timestamp: START + timestamp })
  }

  request(client: string, timestamp: number): void {
    this.requests.pipe(client, { path: '/' }, { timestamp: START + timestamp })
  }

  decisions(): string[] {
    return this.out
      .readAll()
      .map(
        ({ key, value, timestamp }) =>
          `${key} ${value!.allowed ? 'allowed' : 'refused'} @${timestamp - START}`,
      )
  }

  [Symbol.dispose](): void {
    this.driver.close()
  }
}

describe('topologies/rate-limits.ts', () => {
  it('refuses a client with the request that is over its limit, and allows it when that is over', () => {
    using gateway = new Gateway()
    gateway.limit('ann', 2, 0)
    for (const timestamp of [100, 200, 300, 400, 10_301]) gateway.request('ann', timestamp)
    assert.deepEqual(gateway.decisions(), ['ann refused @300', 'ann allowed @10301'])
  })

  it('counts each client for itself, by the usual limit unless it has one', () => {
    using gateway = new Gateway()
    for (let at = 0; at <= USUAL_LIMIT; at++) gateway.request('bob', 1_000 + at)
    gateway.request('ann', 2_000)
    assert.deepEqual(gateway.decisions(), [`bob refused @${1_000 + USUAL_LIMIT}`])
  })

  it('goes by the limit that holds when the request comes', () => {
    using gateway = new Gateway()
    gateway.limit('ann', 1, 0)
    gateway.request('ann', 100)
    gateway.request('ann', 200)
    gateway.limit('ann', 5, 250)
    gateway.request('ann', 300)
    assert.deepEqual(gateway.decisions(), ['ann refused @200', 'ann allowed @300'])
  })

  it('refuses the crawler for a time, in what npm start publishes', () => {
    using gateway = new Gateway()
    for (const { topic, key, value, timestamp } of demo.input) {
      if (topic === 'limits') gateway.limit(key, JSON.parse(value).requests, timestamp)
      else gateway.request(key, timestamp)
    }
    const said = gateway.decisions().map((decision) => decision.split(' @')[0])
    assert.deepEqual(said, ['crawler refused', 'crawler allowed'])
  })
})
