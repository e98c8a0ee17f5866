import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  CoordinatorKind,
} from '../transport/broker-transport.js'
import { isUnreachable } from '../transport/transport-error.js'

/** Requests to the coordinator of one group or transactional id, wherever in the cluster it is now. */
export class CoordinatorClient {
  constructor(
    private readonly transport: BrokerTransport,
    private readonly kind: CoordinatorKind,
    private readonly id: string,
  ) {}

  /**
   * Sends one request, once. A lost connection, or an answer that the coordinator is elsewhere, makes the next
   * request look for it again.
   *
   * @param build The call, in a version that the coordinator knows.
   * @param errorCodes The error codes in a response.
   * @throws {KafkaProtocolError} with the first error code that is not NONE.
   */
  async request<Response>(
    channel: Channel,
    build: (capabilities: BrokerCapabilities) => ApiCall<Response>,
    errorCodes: (response: Response) => readonly number[],
    timeoutMs: number,
  ): Promise<Response> {
    const node = await this.transport.coordinator(this.kind, this.id)
    try {
      const call = build(await this.transport.capabilities(node))
      const response = await this.transport.request(node, channel, call, timeoutMs)
      const code = errorCodes(response).find((candidate) => candidate !== ErrorCode.NONE)
      if (code !== undefined) throw new KafkaProtocolError(code, call.apiName, { [this.kind]: this.id })
      return response
    } catch (error) {
      if (coordinatorMoved(error)) this.transport.forgetCoordinator(this.kind, this.id)
      throw error
    }
  }

  /** What the coordinator supports, read anew if `fresh`. */
  async capabilities(fresh: boolean): Promise<BrokerCapabilities> {
    const node = await this.transport.coordinator(this.kind, this.id)
    return fresh ? this.transport.refreshCapabilities(node) : this.transport.capabilities(node)
  }
}

function coordinatorMoved(error: unknown): boolean {
  if (!(error instanceof KafkaProtocolError)) return isUnreachable(error)
  return error.code === ErrorCode.COORDINATOR_NOT_AVAILABLE || error.code === ErrorCode.NOT_COORDINATOR
}
