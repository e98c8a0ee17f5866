import { API_KEY, type ApiName, type RequestFrame } from '../kafka-frames.js'

/** Which requests a fault befalls, counted from the moment when the rule is made, over all connections. */
export interface RequestSelector {
  /** Default: any API. */
  readonly api?: ApiName
  /** How many matching requests pass unharmed first; default 0. */
  readonly after?: number
  /** How many requests it befalls then; default 1. */
  readonly times?: number
  /** The broker, as its own `host:port`; default: any. */
  readonly broker?: string
  /** What else must hold. */
  readonly where?: (request: RequestFrame) => boolean
}

/** What happens to a request, to its response, or from then on to its connection. */
export type Fault =
  | { readonly kind: 'lose-response'; readonly then: 'cut' | 'silence' }
  | { readonly kind: 'delay'; readonly what: 'request' | 'response'; readonly ms: number | undefined }
  | { readonly kind: 'cut' }
  | { readonly kind: 'half-open' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** Nothing: it is only seen. */
  | { readonly kind: 'watch' }

/** One fault and the requests that it befalls; tells how often it has. */
export class FaultRule {
  /** How often the fault has happened. */
  fired = 0
  /** Resolves when the fault happens for the first time. */
  readonly firstFired: Promise<void>
  /** Resolves when `release` is called. */
  readonly released: Promise<void>
  /** Lets go what a delay without a length holds back, now and from now on. */
  release: () => void = () => {}
  private resolveFirstFired: () => void = () => {}
  private matched = 0
  private cancelled = false

  constructor(
    readonly fault: Fault,
    private readonly selector: RequestSelector,
  ) {
    this.firstFired = new Promise((resolve) => {
      this.resolveFirstFired = resolve
    })
    this.released = new Promise((resolve) => {
      this.release = resolve
    })
  }

  /** Whether the fault befalls this request; each request is asked about once. */
  takes(request: RequestFrame, broker: string): boolean {
    const { api, after = 0, times = 1, where } = this.selector
    if (this.cancelled) return false
    if (api !== undefined && API_KEY[api] !== request.apiKey) return false
    if (this.selector.broker !== undefined && this.selector.broker !== broker) return false
    if (where !== undefined && !where(request)) return false
    this.matched++
    return this.matched > after && this.matched <= after + times
  }

  /** Told by the connection when the fault happens. */
  fire(): void {
    this.fired++
    this.resolveFirstFired()
  }

  /** From now on it befalls no request. */
  cancel(): void {
    this.cancelled = true
  }
}
