import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { FrameSplitter, parseRequest, type RequestFrame, sized } from '../kafka-frames.js'
import type { FaultRule } from './fault-rule.js'
import { Outlet } from './outlet.js'

/** What a connection asks of its proxy. */
export interface ProxyTraffic {
  /** The fault that befalls a request, if any. */
  faultOf(request: RequestFrame): FaultRule | undefined
  /** Puts the proxy's addresses into a response, in place. */
  redirect(request: RequestFrame, response: Buffer): void
}

interface Unanswered {
  readonly request: RequestFrame
  readonly rule: FaultRule | undefined
}

/** A client's connection to a broker, frame by frame. */
export class ProxiedConnection {
  private readonly toBroker: Outlet
  private readonly toClient: Outlet
  private readonly unanswered = new Map<number, Unanswered>()
  private halfOpen = false

  constructor(
    private readonly client: Socket,
    private readonly broker: Socket,
    private readonly traffic: ProxyTraffic,
  ) {
    this.toBroker = new Outlet(broker)
    this.toClient = new Outlet(client)
    this.forward(client, (frame) => this.pass(frame))
    this.forward(broker, (frame) => this.answer(frame))
    // What is under way arrives, however late.
    client.on('close', () => this.toBroker.end())
    broker.on('close', () => this.toClient.end())
  }

  /** Ends both sides at once. */
  cut(): void {
    this.client.destroy()
    this.broker.destroy()
  }

  private forward(from: Socket, each: (frame: Buffer) => void): void {
    const frames = new FrameSplitter()
    // The other side hears of it by the close that follows.
    from.on('error', () => {})
    from.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) each(frame)
    })
  }

  private pass(frame: Buffer): void {
    if (this.halfOpen) return
    const request = parseRequest(frame)
    const rule = this.traffic.faultOf(request)
    const fault = rule?.fault
    this.unanswered.set(request.correlationId, { request, rule })
    let due: Promise<void> | undefined
    if (fault?.kind === 'cut') {
      rule!.fire()
      this.cut()
      return
    }
    if (fault?.kind === 'watch') rule!.fire()
    if (fault?.kind === 'half-open') this.becomeHalfOpen(rule!)
    if (fault?.kind === 'slow') this.becomeSlow(rule!, fault.bytesPerSecond)
    if (fault?.kind === 'delay' && fault.what === 'request') due = delayed(rule!, fault.ms)
    this.toBroker.send(sized(frame), due)
  }

  private answer(frame: Buffer): void {
    if (this.halfOpen) return
    const correlationId = frame.readInt32BE(0)
    const asked = this.unanswered.get(correlationId)
    if (asked === undefined) throw new Error(`a broker answered ${correlationId}, which nobody asked`)
    this.unanswered.delete(correlationId)
    const { request, rule } = asked
    const fault = rule?.fault
    if (fault?.kind === 'lose-response') {
      rule!.fire()
      if (fault.then === 'cut') this.cut()
      return
    }
    this.traffic.redirect(request, frame)
    const late = fault?.kind === 'delay' && fault.what === 'response'
    this.toClient.send(sized(frame), late ? delayed(rule!, fault.ms) : undefined)
  }

  private becomeHalfOpen(rule: FaultRule): void {
    rule.fire()
    this.halfOpen = true
    this.toBroker.stick()
    this.toClient.stick()
  }

  private becomeSlow(rule: FaultRule, bytesPerSecond: number): void {
    rule.fire()
    this.toBroker.slowDown(bytesPerSecond)
    this.toClient.slowDown(bytesPerSecond)
  }
}

const delayed = (rule: FaultRule, ms: number | undefined): Promise<void> => {
  rule.fire()
  return ms === undefined ? rule.released : pause(ms, undefined, { ref: false })
}
