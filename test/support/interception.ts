import type { ApiCall, Channel } from '../../src/kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { BrokerConnectionError } from '../../src/kafka/transport/transport-error.js'

interface Hooks {
  /** Runs before the request is sent; what it throws is the outcome. */
  before?(channel: Channel): void | Promise<void>
  /** Runs when the response is there; what it throws is the outcome. */
  after?(response: unknown): void | Promise<void>
}

type Request = typeof KafkaJsTransport.prototype.request

/** Comes between the engine and the broker: all requests of this process, until it is disposed of. */
export class Interception implements Disposable {
  private readonly original: Request = KafkaJsTransport.prototype.request
  private readonly next = new Map<string, Hooks[]>()
  private readonly always = new Map<string, Hooks>()

  constructor() {
    const { original } = this
    const hooksOf = (api: string): Hooks => this.next.get(api)?.shift() ?? this.always.get(api) ?? {}
    KafkaJsTransport.prototype.request = async function <Response>(
      this: KafkaJsTransport,
      ...[node, channel, call, timeoutMs]: [number, Channel, ApiCall<Response>, number?]
    ): Promise<Response> {
      const hooks = hooksOf(call.apiName)
      await hooks.before?.(channel)
      const response = await original.call(this, node, channel, call, timeoutMs)
      await hooks.after?.(response)
      return response as Response
    }
  }

  /** Intercepts the next request of an API, once those before it in line have had theirs. */
  once(api: string, hooks: Hooks): void {
    this.next.set(api, [...(this.next.get(api) ?? []), hooks])
  }

  /** Intercepts every request of an API that `once` leaves. */
  every(api: string, hooks: Hooks): void {
    this.always.set(api, hooks)
  }

  /** The response of the next request is lost; the broker has done its part. */
  loseResponse(api: string): void {
    this.once(api, {
      after: () => {
        throw new BrokerConnectionError(`the test lost a response of ${api}`)
      },
    })
  }

  [Symbol.dispose](): void {
    KafkaJsTransport.prototype.request = this.original
  }
}
