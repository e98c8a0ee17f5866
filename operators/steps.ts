import type { ProcessorContext } from './processor.js'

/** How many rows or records one step of something long takes at most. */
export const MOST_PER_STEP = 1000

/** For steps that are to be done now, whatever comes after them. */
export const never = (): boolean => false

/**
 * Rows that an operator hands on one after the other when their time has come, however many they are: in steps before the
 * next record, between which the task can commit.
 */
export class RowByRow {
  /** Whether it has begun and is not over. */
  pending = false

  /**
   * @param handOn hands on the next row, if there is one
   * @param over called when there is none left
   */
  constructor(
    private readonly context: Pick<ProcessorContext<unknown, unknown>, 'inSteps'>,
    private readonly handOn: () => boolean,
    private readonly over: () => void = () => {},
  ) {}

  begin(): void {
    this.pending = true
    this.context.inSteps((interrupted) => this.step(interrupted))
  }

  /** Ends it at once, where the next record comes before its steps: in the middle of another's. */
  finish(): void {
    while (this.pending) this.step(never)
  }

  /** Hands on some rows. @returns whether any are left */
  private step(interrupted: () => boolean): boolean {
    // A record that comes in the middle of a step may have ended it.
    for (let left = MOST_PER_STEP; this.pending && left > 0 && !interrupted(); left--) {
      if (this.handOn()) continue
      this.pending = false
      this.over()
    }
    return this.pending
  }
}
