import type { ProcessorContext } from './processor.js'

/** How many rows or records one step of something long takes at most. */
export const MOST_PER_STEP = 1000

/** For steps that are to be done now, whatever comes after them. */
export const never = (): boolean => false

/** Rows of an operator that are to be handed on, one after the other. */
export interface WaitingRows {
  /** Whether the handing on has begun and is not over. Operators that share the rows have one answer. */
  readonly pending: boolean
  /** Hands on the next row. @returns false: there is none left */
  handOn(): boolean
  /** There is none left. */
  over(): void
}

/** Rows that one operator alone hands on. */
export type OwnRows = Pick<WaitingRows, 'handOn'> & Partial<Pick<WaitingRows, 'over'>>

/**
 * Hands rows on when their time has come, however many they are: in steps before the next record, between which the task
 * can commit.
 */
export class RowByRow {
  constructor(
    private readonly context: Pick<ProcessorContext<unknown, unknown>, 'inSteps'>,
    private readonly rows: WaitingRows,
  ) {}

  begin(): void {
    this.context.inSteps((interrupted) => this.step(interrupted))
  }

  /** Ends it at once, where the next record comes before its steps: in the middle of another's. */
  finish(): void {
    while (this.rows.pending) this.step(never)
  }

  /** Hands on some rows. @returns whether any are left */
  private step(interrupted: () => boolean): boolean {
    const { rows } = this
    // A record that comes in the middle of a step may have ended it.
    for (let left = MOST_PER_STEP; rows.pending && left > 0 && !interrupted(); left--) {
      if (!rows.handOn()) rows.over()
    }
    return rows.pending
  }
}

/** The same of rows that one operator alone hands on: they are pending from when it begins until none is left. */
export class OwnRowByRow extends RowByRow {
  private readonly begun: { pending: boolean }

  constructor(context: Pick<ProcessorContext<unknown, unknown>, 'inSteps'>, rows: OwnRows) {
    const begun = {
      pending: false,
      handOn: () => rows.handOn(),
      over: () => {
        begun.pending = false
        rows.over?.()
      },
    }
    super(context, begun)
    this.begun = begun
  }

  get pending(): boolean {
    return this.begun.pending
  }

  override begin(): void {
    this.begun.pending = true
    super.begin()
  }
}
