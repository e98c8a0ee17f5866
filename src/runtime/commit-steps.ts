import { channel } from 'node:diagnostics_channel'

/** The steps of a commit that leave the process, as docs/commit.md has them. */
export type CommitStep = 'produce' | 'offsets' | 'end-transaction' | 'local-write'

/** What is published on the channel `millrace:commit`. */
export interface CommitStepMessage {
  readonly step: CommitStep
  readonly phase: 'before' | 'after'
}

/** Costs nothing while nobody subscribes. */
const steps = channel('millrace:commit')

/** Takes one step of a commit, and tells so before and after it; nothing is told after a step that fails. */
export async function takeStep<T>(step: CommitStep, work: () => Promise<T>): Promise<T> {
  if (!steps.hasSubscribers) return work()
  steps.publish({ step, phase: 'before' } satisfies CommitStepMessage)
  const result = await work()
  steps.publish({ step, phase: 'after' } satisfies CommitStepMessage)
  return result
}
