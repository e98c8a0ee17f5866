/** Long work in small steps: after each of them somebody else may have a turn. */
export type Steps<T> = Generator<undefined, T, undefined>

/** Rows that a step takes: some hundred microseconds at most, with rows of usual size. */
export const ROWS_PER_STEP = 32

/** Does all steps at once. */
export function toEnd<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}
