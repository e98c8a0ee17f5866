import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Requests with another method than GET and OPTIONS change something, and need to be authorized. */
export type RouteMethod = 'GET' | 'OPTIONS' | 'POST' | 'PUT' | 'DELETE'

/** What the server answers at a path. */
export interface Route {
  /** Where it is GET, HEAD comes here as well: what is written then stays away. */
  readonly method: RouteMethod
  /** As it stands in the request, or a beginning: `/feed/*` takes what begins with `/feed/`. The longest that fits wins. */
  readonly path: string
  /**
   * Answers a request. What it throws, or rejects with, is answered with 500 and told to `onError` of the server.
   *
   * @param url the address that was asked for, without the server's own
   */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>
  /** Takes over the connection of a request for another protocol (WebSocket). Absent: there is none here. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** The routes that take a path, the ones for all of it before those for its beginning, longest first. */
export function routesAt<R extends Pick<Route, 'path'>>(routes: readonly R[], path: string): readonly R[] {
  const exact = routes.filter((route) => route.path === path)
  if (exact.length > 0) return exact
  const fitting = routes.filter((route) => isPrefix(route) && path.startsWith(prefixOf(route)))
  const longest = Math.max(...fitting.map((route) => route.path.length))
  return fitting.filter((route) => route.path.length === longest)
}

const isPrefix = ({ path }: Pick<Route, 'path'>): boolean => path.endsWith('/*')

const prefixOf = ({ path }: Pick<Route, 'path'>): string => path.slice(0, -1)
