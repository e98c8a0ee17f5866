import { setTimeout as delay } from 'node:timers/promises'
import type { ChaosCluster } from './chaos-cluster.js'
import type { SeededRandom } from './seeded-random.js'
import { EXTRA, STAYING, THREADS } from './settings.js'

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
  /** Told when a worker has killed itself at such a point. */
  readonly killedAt: (point: string) => void
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

/** What a worker warns of when the group or the transaction coordinator took it for dead. */
const FENCED = ['MEMBERSHIP_LOST', 'COMMIT_FENCED', 'PRODUCER_FENCED']

/** Its session expires, another one gets its tasks, and then it goes on as if nothing had been, until it learns of it. */
const pause: Fault = async (context) => {
  const { cluster, say } = context
  const name = await victimOf(context)
  const other = STAYING.find((each) => each !== name)!
  const worker = cluster.worker(name)
  const before = worker.warnings.length
  context.strikes()
  worker.signal('SIGSTOP')
  try {
    await cluster.worker(other).until('has all tasks', () => cluster.hasAllTasks(other))
  } finally {
    worker.signal('SIGCONT')
    context.lasted()
  }
  say(`${name} goes on, and ${other} has its tasks`)
  const learnt = (): string[] => worker.warnings.slice(before).filter((code) => FENCED.includes(code))
  await worker.until('learns that it was taken for dead', () => learnt().length > 0)
  say(`${name} was told ${learnt().join(', ')}`)
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
  const { cluster, nextKillPoint, killedAt, say } = context
  const name = await victimOf(context)
  const worker = cluster.worker(name)
  const point = nextKillPoint()
  worker.killAt(point)
  const [, signal] = await worker.exited
  context.strikes()
  if (signal !== 'SIGKILL' || worker.killedAt !== point) {
    throw new Error(`${name} should have killed itself ${point}: ${worker.failure ?? signal}`)
  }
  killedAt(point)
  say(`${name} killed itself ${point}`)
  cluster.startWorker(name)
  return true
}

/** Starts a worker without its state; gives its name. */
const startFromNothing = async (context: FaultContext): Promise<string> => {
  const { cluster } = context
  const name = await victimOf(context)
  context.strikes()
  await cluster.worker(name).kill()
  await cluster.deleteState(name)
  cluster.startWorker(name)
  return name
}

const deleteState: Fault = async (context) => {
  const name = await startFromNothing(context)
  await context.cluster.worker(name).until('restores', ({ restored }) => restored > 0)
  context.say(`${name} has lost its state`)
  return true
}

/**
 * A worker that has asked to join is kept waiting until another one restores. It counts where that one is seen to go on
 * restoring after the joining, before it joins again itself: up to then it keeps the tasks that it restores.
 */
const rebalanceDuringRestore: Fault = async (context) => {
  const { cluster, say, strikes } = context
  const atExtra = cluster.proxyOf(EXTRA)
  const held = atExtra.delayRequest({ api: 'JoinGroup', times: THREADS })
  // The first request of each thread only gets a member id.
  const joins = atExtra.watch({ api: 'JoinGroup' })
  const extra = cluster.startWorker(EXTRA)
  await extra.until('wants to join', () => held.fired === THREADS)
  const name = await startFromNothing(context)
  const restores = cluster.watchRestore(name)
  await cluster.worker(name).until('restores', () => restores.fired > 0)
  held.release()
  await extra.until('joins', () => joins.fired > 0)
  strikes()
  const goesOn = cluster.watchRestore(name)
  const joinsAgain = cluster.proxyOf(name).watch({ api: 'JoinGroup' })
  await cluster.worker(name).until('is seen again', () => goesOn.fired + joinsAgain.fired > 0)
  const met = joinsAgain.fired === 0
  say(met ? `${EXTRA} joins while ${name} restores` : `${EXTRA} joins when ${name} has restored`)
  for (const rule of [goesOn, joinsAgain]) rule.cancel()
  await extra.until('processes', ({ processed }) => processed > 0)
  await extra.stop()
  return met
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
    const rules = cluster.loseResponse({ api: cluster.endOfCommit })
    await Promise.race([aborted, ...rules.map(({ firstFired }) => firstFired)])
    for (const rule of rules) {
      rule.cancel()
      if (rule.fired > 0) lost()
    }
    await Promise.race([delay(2_000 + random.next() * 6_000), aborted])
  }
}

/** A moment of quiet that chance decides. */
export const quiet = (random: SeededRandom): Promise<void> => delay(random.next() * 2_000)
