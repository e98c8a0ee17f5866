import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { parseBrokerAddress } from '../../src/kafka/transport/transport-options.js'
import { type Fault, FaultRule, type RequestSelector } from './fault-proxy/fault-rule.js'
import { ProxiedConnection } from './fault-proxy/proxied-connection.js'
import { redirectAddresses } from './fault-proxy/redirect-addresses.js'

/**
 * Stands between clients and real brokers on loopback, understands Kafka's framing, and lets a test say what befalls
 * which request. Clients are given its `brokers`; what the brokers say about their addresses is redirected to it, so
 * that all traffic passes here. It knows the API versions that the engine speaks, without TLS.
 */
export class FaultProxy implements AsyncDisposable {
  private readonly servers: Server[] = []
  private readonly connections = new Set<ProxiedConnection>()
  private readonly proxyPorts = new Map<number, number>()
  private readonly rules: FaultRule[] = []

  /** Stands in front of all brokers of a cluster, given as `host:port`. */
  static async start(brokers: readonly string[]): Promise<FaultProxy> {
    const proxy = new FaultProxy()
    for (const broker of brokers) await proxy.add(broker)
    return proxy
  }

  /** Where clients connect, in the order of the brokers. */
  get brokers(): string[] {
    return [...this.proxyPorts.values()].map((port) => `127.0.0.1:${port}`)
  }

  /** Stands in front of one more broker. */
  async add(broker: string): Promise<void> {
    const upstream = parseBrokerAddress(broker)
    const server = createServer((client) => this.accept(client, broker))
    this.servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.proxyPorts.set(upstream.port, (server.address() as AddressInfo).port)
  }

  /** The broker does its part, its response never arrives: the connection is cut, or nothing is heard. */
  loseResponse(selector: RequestSelector, then: 'cut' | 'silence' = 'cut'): FaultRule {
    return this.rule({ kind: 'lose-response', then }, selector)
  }

  /** The connection ends, and the broker never sees the request. */
  cut(selector: RequestSelector): FaultRule {
    return this.rule({ kind: 'cut' }, selector)
  }

  /** A request reaches the broker late: after `ms`, by default when the rule is released. */
  delayRequest(selector: RequestSelector, ms?: number): FaultRule {
    return this.rule({ kind: 'delay', what: 'request', ms }, selector)
  }

  /** A response reaches the client late: after `ms`, by default when the rule is released. */
  delayResponse(selector: RequestSelector, ms?: number): FaultRule {
    return this.rule({ kind: 'delay', what: 'response', ms }, selector)
  }

  /** From this request on nothing goes through its connection; both sockets stay open. */
  halfOpen(selector: RequestSelector): FaultRule {
    return this.rule({ kind: 'half-open' }, selector)
  }

  /** From this request on its connection carries so many bytes a second in each direction. */
  slow(selector: RequestSelector, bytesPerSecond: number): FaultRule {
    return this.rule({ kind: 'slow', bytesPerSecond }, selector)
  }

  /** Nothing befalls a request: the rule tells that it was sent. */
  watch(selector: RequestSelector): FaultRule {
    return this.rule({ kind: 'watch' }, selector)
  }

  /** Ends all connections, half-open ones too. */
  cutAll(): void {
    for (const connection of this.connections) connection.cut()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.servers.map((server) => once(server.close(), 'close'))
    this.cutAll()
    await Promise.all(closed)
  }

  private rule(fault: Fault, selector: RequestSelector): FaultRule {
    const rule = new FaultRule(fault, selector)
    this.rules.push(rule)
    return rule
  }

  private accept(client: Socket, broker: string): void {
    const upstream = connect(parseBrokerAddress(broker))
    for (const socket of [client, upstream]) socket.setNoDelay(true)
    const connection = new ProxiedConnection(client, upstream, {
      faultOf: (request) => this.rules.find((rule) => rule.takes(request, broker)),
      redirect: (request, response) =>
        redirectAddresses(request, response, (host, port) => this.proxyPortOf(host, port)),
    })
    this.connections.add(connection)
    upstream.once('close', () => this.connections.delete(connection))
  }

  private proxyPortOf(host: string, port: number): number {
    const proxyPort = this.proxyPorts.get(port)
    if (proxyPort === undefined) throw new Error(`the proxy does not stand in front of ${host}:${port}`)
    return proxyPort
  }
}
