import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { BroadcastChannel } from 'node:worker_threads'
import type { CommitStepMessage } from '../../src/runtime/commit-steps.js'

/** Carries the name of a kill point to all threads of a process. */
export const KILL_ORDERS = 'chaos-kill-orders'

/**
 * Ends the process at the next commit that comes to the point that was ordered, such as `before offsets`. A module of a
 * topology calls it: every stream thread loads that.
 */
export function obeyKillOrders(): void {
  let point: string | undefined
  const orders = new BroadcastChannel(KILL_ORDERS)
  orders.onmessage = ({ data }: { data: string }) => {
    point = data
  }
  orders.unref()
  subscribe('millrace:commit', (message) => {
    const { step, phase } = message as CommitStepMessage
    if (point !== `${phase} ${step}`) return
    writeSync(1, `${JSON.stringify({ killedAt: point })}\n`)
    process.kill(process.pid, 'SIGKILL')
  })
}
