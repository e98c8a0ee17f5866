import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosCluster } from './chaos-cluster.js'
import type { SeededRandom } from './seeded-random.js'

/** The workers that are there all the time. */
export const STAYING = ['worker-1', 'worker-2'] as const
const EXTRA = 'worker-3'

export const FAULT_KINDS = [
  'kill',
  'pause',
  'broker-restart',
  'lost-end-txn-response',
  'kill-in-commit',
  'rebalance-during-restore',
  'state-deleted',
  'worker-added-and-removed',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** Before and after each step of a commit. At least once has no transaction to end. */
export const KILL_POINTS = {
  exactly_once: ['produce', 'offsets', 'end-transaction', 'local-write'],
  at_least_once: ['produce', 'offsets', 'local-write'],
} as const

/** What a fault is given: whom it may befall, and chance. */
export interface FaultContext {
  readonly cluster: ChaosCluster
  readonly random: SeededRandom
  /** The next point of a commit to kill at, such as `before offsets`. */
  readonly nextKillPoint: () => string
  /** Told when a fault strikes: what it has done is seen later. */
  readonly strikes: () => void
  /** Told when one that lasts has ended: there was no quiet meanwhile. */
  readonly lasted: () => void
  /** Told what was seen, for the log. */
  readonly say: (text: string) => void
}

/** Resolves when it has been seen to happen, or with false when its moment was missed. */
type Fault = (context: FaultContext) => Promise<boolean>

/** A worker that processes: one that has just been started would not notice. */
const victimOf = async ({ cluster, random }: FaultContext): Promise<string> => {
  const name = random.pick(STAYING)
  const { processed } = cluster.worker(name).status
  await cluster.worker(name).until('processes', (status) => status.processed > processed)
  return name
}

const kill: Fault = async (context) => {
  const { cluster } = context
  const name = await victimOf(context)
  context.strikes()
  await cluster.worker(name).kill()
  cluster.startWorker(name)
  return true
}

/** Its session expires, another one gets its tasks, and then it goes on as if nothing had been. */
const pause: Fault = async (context) => {
  const { cluster, say } = context
  const name = await victimOf(context)
  const other = STAYING.find((each) => each !== name)!
  const worker = cluster.worker(name)
  context.strikes()
  worker.signal('SIGSTOP')
  try {
    await cluster.worker(other).until('has all tasks', () => cluster.hasAllTasks(other))
  } finally {
    worker.signal('SIGCONT')
    context.lasted()
  }
  say(`${name} goes on, and ${other} has its tasks`)
  return true
}

const restartBroker: Fault = async ({ cluster, random, strikes, lasted, say }) => {
  const killed = random.next() < 0.5
  say(killed ? 'the broker is killed' : 'the broker is stopped')
  strikes()
  await cluster.restartBroker(killed)
  lasted()
  return true
}

const killInCommit: Fault = async (context) => {
  const { cluster, nextKillPoint, say } = context
  const name = await victimOf(context)
  const worker = cluster.worker(name)
  const point = nextKillPoint()
  worker.killAt(point)
  const [, signal] = await worker.exited
  context.strikes()
  if (signal !== 'SIGKILL' || worker.killedAt !== point) {
    throw new Error(`${name} should have killed itself ${point}: ${worker.failure ?? signal}`)
  }
  say(`${name} killed itself ${point}`)
  cluster.startWorker(name)
  return true
}

/** Starts a worker without its state; resolves when it restores. */
const restoreFromNothing = async (context: FaultContext): Promise<string> => {
  const { cluster } = context
  const name = await victimOf(context)
  context.strikes()
  await cluster.worker(name).kill()
  await cluster.deleteState(name)
  const worker = cluster.startWorker(name)
  await worker.until('restores', ({ restored }) => restored > 0)
  return name
}

const deleteState: Fault = async (context) => {
  const name = await restoreFromNothing(context)
  context.say(`${name} has lost its state`)
  return true
}

const rebalanceDuringRestore: Fault = async (context) => {
  const { cluster, say } = context
  const name = await restoreFromNothing(context)
  const { state, restored } = cluster.worker(name).status
  if (state === 'running') return false
  say(`${EXTRA} joins while ${name} restores and has ${restored} records`)
  return addAndRemove(context)
}

const addAndRemove: Fault = async ({ cluster, strikes }) => {
  strikes()
  const extra = cluster.startWorker(EXTRA)
  await extra.until('processes', ({ processed }) => processed > 0)
  await extra.stop()
  return true
}

/** What each kind of fault does that strikes after another one. */
export const FAULTS: Readonly<Record<Exclude<FaultKind, 'lost-end-txn-response'>, Fault>> = {
  kill,
  pause,
  'broker-restart': restartBroker,
  'kill-in-commit': killInCommit,
  'rebalance-during-restore': rebalanceDuringRestore,
  'state-deleted': deleteState,
  'worker-added-and-removed': addAndRemove,
}

/**
 * Beside the other faults, again and again: a transaction is committed, and nobody knows. With at_least_once it is the
 * answer to a commit of offsets that is lost.
 */
export async function loseResponses(
  { cluster, random }: Pick<FaultContext, 'cluster' | 'random'>,
  lost: () => void,
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  while (!signal.aborted) {
    const rule = cluster.proxy.loseResponse({ api: cluster.endOfCommit })
    await Promise.race([rule.firstFired, aborted])
    rule.cancel()
    if (rule.fired > 0) lost()
    await Promise.race([delay(2_000 + random.next() * 6_000), aborted])
  }
}

/** A moment of quiet that chance decides. */
export const quiet = (random: SeededRandom): Promise<void> => delay(random.next() * 2_000)
