import type { ServerResponse } from 'node:http'

/** Answers with a text; what is shown is of this moment, and nobody keeps it. */
export function answer(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text)
}

export const answerText = (response: ServerResponse, status: number, text: string): void =>
  answer(response, status, 'text/plain; charset=utf-8', text)

/** Answers with JSON, in lines, since people read it too. */
export const answerJson = (response: ServerResponse, status: number, value: unknown): void =>
  answer(response, status, 'application/json', `${JSON.stringify(value, undefined, 2)}\n`)
