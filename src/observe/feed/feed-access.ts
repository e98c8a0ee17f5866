import type { IncomingMessage } from 'node:http'

/** Whether a page may read: one of an origin that is allowed, or of this server; no page at all may, too. */
export function isAllowedOrigin({ headers }: IncomingMessage, origins: readonly string[] | '*'): boolean {
  const { origin, host } = headers
  if (origin === undefined || origins === '*' || origins.includes(origin)) return true
  // Browsers say so, and pages cannot: behind a proxy the server may have another name here.
  if (headers['sec-fetch-site'] === 'same-origin') return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** What tells a browser that a page of another origin may read (CORS); undefined: it may not, or need not be told. */
export function corsHeaders(
  { headers }: IncomingMessage,
  origins: readonly string[] | '*',
): Record<string, string> | undefined {
  const { origin } = headers
  if (origin === undefined || (origins !== '*' && !origins.includes(origin))) return undefined
  return {
    'access-control-allow-origin': origin,
    // What the hook lets in may have been let in for its cookies; with `*` nobody is let in for them.
    ...(origins === '*' ? {} : { 'access-control-allow-credentials': 'true' }),
    vary: 'origin',
  }
}
