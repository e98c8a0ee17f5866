type ShortAscii = (source: Buffer, start: number, end: number) => string | undefined

/** Up to here a text of its characters is faster than a call into the runtime: 43 ns of 24 characters, 61 by the call. */
export const MAX_SHORT = 24
/** Where no code can be made. */
const MAX_LOOPED = 12

/** The text if all of it is ASCII, as most keys are; it has at most `MAX_SHORT` bytes. */
export const shortAscii: ShortAscii = generated() ?? looped

/**
 * Code with a case for each length: one call makes the text, with no texts in between. Twice as fast as a loop that puts
 * it together, which has taken four times the memory (measured).
 */
function generated(): ShortAscii | undefined {
  const cases = Array.from({ length: MAX_SHORT + 1 }, (_, length) => caseOf(length)).join('\n')
  const code = `return (source, start, end) => {\nswitch (end - start) {\n${cases}\n}\n}`
  try {
    return new Function('fromCharCode', code)(String.fromCharCode) as ShortAscii
  } catch (error) {
    // Node was told not to make code of texts (--disallow-code-generation-from-strings).
    if (error instanceof EvalError) return undefined
    throw error
  }
}

function caseOf(length: number): string {
  if (length === 0) return "case 0: return ''"
  const bytes = Array.from({ length }, (_, index) => `b${index}`)
  const reads = bytes.map((byte, index) => `${byte} = source[start + ${index}]`)
  return `case ${length}: {
    const ${reads.join(', ')}
    return (${bytes.join(' | ')}) < 0x80 ? fromCharCode(${bytes.join(', ')}) : undefined
  }`
}

/** Four characters at a time, then one by one. */
export function looped(source: Buffer, start: number, end: number): string | undefined {
  if (end - start > MAX_LOOPED) return undefined
  let text = ''
  let at = start
  for (; at + 4 <= end; at += 4) {
    const a = source[at]!
    const b = source[at + 1]!
    const c = source[at + 2]!
    const d = source[at + 3]!
    if ((a | b | c | d) >= 0x80) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < end; at++) {
    const code = source[at]!
    if (code >= 0x80) return undefined
    text += String.fromCharCode(code)
  }
  return text
}
