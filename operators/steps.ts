/** How many rows or records one step of something long takes at most. */
export const MOST_PER_STEP = 1000

/** For steps that are to be done now, whatever comes after them. */
export const never = (): boolean => false
