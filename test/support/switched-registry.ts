import { confluentSchemaRegistry, type SchemaRegistry } from '../../src/serdes/schema-registry/index.js'
import { forwardTo, type HttpAnswer, TestHttpServer } from './http-server.js'
import { testRegistry } from './registry.js'

/** Registries that are not themselves: no connection, trouble, another service, credentials asked for. */
export const PROBLEMS = {
  'is away': 'close',
  'has a problem of its own': { status: 500, body: '{"error_code":50001,"message":"no store"}' },
  'asks for credentials': { status: 401, body: '{"error_code":40101,"message":"who are you?"}' },
  'is another service': { type: 'text/html', body: '<html>welcome</html>' },
  'answers with other JSON': { body: '{"status":"ok"}' },
} satisfies Readonly<Record<string, HttpAnswer>>

/** What answers instead of the registry where it returns something. */
type Instead = (
  path: string,
  authorization: string | undefined,
) => HttpAnswer | undefined | Promise<undefined>

/** The tests' registry behind a server that a test switches. */
export class SwitchedRegistry implements AsyncDisposable {
  private constructor(
    private readonly server: TestHttpServer,
    private readonly pathname: string,
    private readonly forward: TestHttpServer['behave'],
  ) {}

  static async start(): Promise<SwitchedRegistry> {
    const { origin, pathname } = new URL(await testRegistry())
    const forward = forwardTo(origin)
    return new SwitchedRegistry(await TestHttpServer.start(forward), pathname, forward)
  }

  get url(): string {
    return `${this.server.url}${this.pathname}`
  }

  /** A client of it, which does not wait for long. */
  client(options: Partial<Parameters<typeof confluentSchemaRegistry>[0]> = {}): SchemaRegistry {
    return confluentSchemaRegistry({ url: this.url, requestTimeout: '2s', ...options })
  }

  /** Has it answer otherwise, from now on. */
  answer(instead: HttpAnswer | Instead): void {
    this.server.behave = async (request) => {
      const answer =
        typeof instead === 'function' ? await instead(request.path, request.headers.authorization) : instead
      return answer ?? this.forward(request)
    }
  }

  letThrough(): void {
    this.server.behave = this.forward
  }

  /** How often a path was asked for. */
  asked(end: string): number {
    return this.server.requests.filter(({ path }) => path.endsWith(end)).length
  }

  /** Forgets what it was asked. */
  forget(): void {
    this.server.requests.length = 0
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]()
  }
}
