import { forEach } from './for-each.js'
import type { ProcessorSupplier } from './processor.js'

/** Writes each record as a line of text: `[label]: key, value`. */
export const print = <K, V>(
  label: string,
  write: (line: string) => void,
): ProcessorSupplier<K, V, never, never> =>
  forEach((key, value) => write(`[${label}]: ${shown(key)}, ${shown(value)}`))

const shown = (part: unknown): string =>
  typeof part === 'object' && part !== null ? JSON.stringify(part) : String(part)
