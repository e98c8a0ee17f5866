import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { ApplicationReset, GroupActiveError } from '../runtime/application-reset.js'
import { loadTopology } from '../runtime/load-topology.js'
import { outputsOf } from './application-topics.js'
import type { Demo } from './demo.js'
import { dataDirectory } from './project-data.js'
import type { ReplayInput } from './replay/replay-inputs.js'

/** The broker takes a killed member for dead after the session timeout of 45 seconds. */
const MEMBERS_GONE_AFTER_MS = 60_000
const RETRY_MS = 500

/** The state directories of all processes that have run in this project. */
function stateDirectories(): string[] {
  const data = dataDirectory()
  if (!existsSync(data)) return []
  return readdirSync(data)
    .filter((name) => /^state(-\d+)?$/.test(name))
    .map((name) => join(data, name))
}

/** Waits for members that were killed. */
async function untilInactive(reset: ApplicationReset, say: (text: string) => void): Promise<void> {
  const deadline = performance.now() + MEMBERS_GONE_AFTER_MS
  for (let told = false; ; told = true) {
    try {
      return await reset.requireInactive()
    } catch (error) {
      if (!(error instanceof GroupActiveError) || performance.now() > deadline) throw error
    }
    if (!told) say('Waiting for the members of the group to be gone ...')
    await delay(RETRY_MS)
  }
}

/**
 * Deletes what an application has left: its group, its topics (input and results too) and its local state.
 *
 * @throws GroupActiveError while it runs
 */
export const deleteApplication = async (
  transport: BrokerTransport,
  demo: Demo,
  input: ReplayInput,
  say: (text: string) => void,
): Promise<void> => {
  const reset = new ApplicationReset(transport, {
    applicationId: demo.applicationId,
    topology: await loadTopology(demo.module),
    stateDirs: stateDirectories(),
    otherTopics: [...input.topics, ...outputsOf(demo)],
  })
  await untilInactive(reset, say)
  await reset.execute(await reset.remains())
}
