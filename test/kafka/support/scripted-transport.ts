import { WireReader } from '../../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../../src/kafka/protocol/wire-writer.js'
import type {
  ApiCall,
  ApiVersionRange,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  CoordinatorKind,
  TopicMetadata,
} from '../../../src/kafka/transport/broker-transport.js'

/** A request as a broker would get it. */
export interface SentRequest {
  readonly node: number
  readonly channel: Channel
  readonly api: string
  readonly version: number
  readonly bytes: Buffer
  read(): WireReader
}

type Handler = (request: SentRequest) => unknown

const ANY_VERSION: ApiVersionRange = { min: 0, max: 99 }

/** A cluster of one node that answers as a test says: with a response, or by throwing what the transport would. */
export class ScriptedTransport implements BrokerTransport {
  readonly requests: SentRequest[] = []
  readonly features = new Map([['transaction.version', 2]])
  forgottenCoordinators = 0
  forgottenLeaders = 0
  private readonly handlers = new Map<string, Handler>()

  on(api: string, handler: Handler): this {
    this.handlers.set(api, handler)
    return this
  }

  /** The requests of one API, in order. */
  sent(api: string): SentRequest[] {
    return this.requests.filter((request) => request.api === api)
  }

  /** The names of all requests, in order. */
  get log(): string[] {
    return this.requests.map(({ api }) => api)
  }

  async request<Response>(node: number, channel: Channel, call: ApiCall<Response>): Promise<Response> {
    const writer = new WireWriter()
    call.encode(writer)
    const bytes = writer.copy()
    const { apiName: api, apiVersion: version } = call
    const request = { node, channel, api, version, bytes, read: () => new WireReader(bytes) }
    this.requests.push(request)
    const handler = this.handlers.get(api)
    if (handler === undefined) throw new Error(`the test answers no ${api}`)
    return (await handler(request)) as Response
  }

  async leaderOf(): Promise<number> {
    return 1
  }

  async topicIdOf(): Promise<string> {
    return '1'.repeat(32)
  }

  forgetLeaders(): void {
    this.forgottenLeaders++
  }

  async coordinator(_kind: CoordinatorKind, _id: string): Promise<number> {
    return 1
  }

  forgetCoordinator(): void {
    this.forgottenCoordinators++
  }

  async metadata(): Promise<readonly TopicMetadata[]> {
    return []
  }

  async anyNode(): Promise<number> {
    return 1
  }

  async capabilities(): Promise<BrokerCapabilities> {
    const features = this.features
    return { range: () => ANY_VERSION, finalizedFeature: (name) => features.get(name) }
  }

  refreshCapabilities(): Promise<BrokerCapabilities> {
    return this.capabilities()
  }

  async close(): Promise<void> {}
}
