import { type ParseArgsConfig, parseArgs } from 'node:util'

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** `parseArgs`, whose refusal is a {@link UsageError}. */
export function parseCommandLine<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ allowPositionals: true; options: Options }>> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @throws {UsageError} if the text is no whole number from 1 on */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`${option} '${text}' must be a whole number, at least 1`)
  }
  return value
}

/** @throws {UsageError} if the value is none of those allowed */
export function oneOf<T extends string>(what: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw new UsageError(`${what} '${value}' is none of ${allowed.join(', ')}`)
  return found
}
