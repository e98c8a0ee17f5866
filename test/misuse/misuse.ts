import { StreamsBuilder } from '../../src/index.js'

/** What a user does wrong; fails in the call, or makes `build()` fail. */
export interface Misuse {
  readonly build: (builder: StreamsBuilder) => unknown
  /** Whether the builder wants explicit names. */
  readonly explicitNames?: boolean
}

/** Misuses by the words in which docs/misuse.md lists them. */
export type Misuses = Readonly<Record<string, Misuse | Misuse['build']>>

/** Where a misuse failed, and how. */
export interface Refusal {
  readonly where: 'build()' | 'the call'
  readonly error: Error
}

/** @returns undefined if nothing failed */
export function refusalOf(misuse: Misuse | Misuse['build']): Refusal | undefined {
  const { build, explicitNames = false } = typeof misuse === 'function' ? { build: misuse } : misuse
  const builder = new StreamsBuilder({ ensureExplicitNames: explicitNames })
  let where: Refusal['where'] = 'the call'
  try {
    build(builder)
    where = 'build()'
    builder.build()
    return undefined
  } catch (error) {
    return { where, error: error as Error }
  }
}
