/** An error, what caused it, what caused that, and so on. */
export function* causesOf(error: unknown): Iterable<unknown> {
  for (let each = error; each !== undefined; each = each instanceof Error ? each.cause : undefined) yield each
}

/** The first of an error and its causes that is of a class. */
export function causeOfClass<E extends Error>(
  error: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: constructors of any signature are asked for.
  errorClass: abstract new (...args: any[]) => E,
): E | undefined {
  for (const each of causesOf(error)) if (each instanceof errorClass) return each
  return undefined
}
