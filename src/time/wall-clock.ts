/** Tells the wall-clock time in epoch milliseconds: `Date.now`, or what a test puts in its place. */
export type WallClock = () => number
