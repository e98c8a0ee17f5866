/** A JSON text's strings and numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const INTEGER = /^-?\d+$/
/** No JSON text has it in a string as it is. */
const MARK = '\u0000'
const MARKED = /"\\u0000(-?\d+)"/g

/** `JSON.parse` that loses no digit: an integer beyond the safe ones becomes a bigint. */
export function parseExactJson(text: string): unknown {
  const marked = text.replace(TOKENS, (token) =>
    isUnsafeInteger(token) ? JSON.stringify(MARK + token) : token,
  )
  if (marked === text) return JSON.parse(text)
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(MARK) && INTEGER.test(value.slice(1))
      ? BigInt(value.slice(1))
      : value,
  )
}

/** The reverse of {@link parseExactJson}; undefined has no text. */
export function exactJson(value: unknown): string | undefined {
  const marked: string | undefined = JSON.stringify(value, (_key, each) =>
    typeof each === 'bigint' ? `${MARK}${each}` : each,
  )
  return marked?.replace(MARKED, '$1')
}

const isUnsafeInteger = (token: string): boolean =>
  INTEGER.test(token) && !Number.isSafeInteger(Number(token))
