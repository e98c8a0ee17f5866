import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Admin } from '../kafka/admin/admin.js'
import { ErrorCode } from '../kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../kafka/protocol/kafka-protocol-error.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { existingTopics } from './application-topics.js'
import type { DemoDescription } from './demo.js'
import { dataDirectory } from './project-data.js'
import type { ReplayInput } from './replay/replay-inputs.js'

/** The broker takes a killed member for dead after the session timeout of 45 seconds. */
const MEMBERS_GONE_AFTER_MS = 60_000
const RETRY_MS = 500

/** Members of the group are alive, so the application runs elsewhere. */
export class ApplicationRunningError extends Error {
  override readonly name = 'ApplicationRunningError'

  constructor(applicationId: string) {
    super(`group ${applicationId} has members, so the application runs: stop it before --fresh`)
  }
}

const deleteGroup = async (admin: Admin, group: string, say: (text: string) => void): Promise<void> => {
  const deadline = performance.now() + MEMBERS_GONE_AFTER_MS
  let told = false
  for (;;) {
    try {
      return await admin.deleteGroup(group)
    } catch (error) {
      const occupied = error instanceof KafkaProtocolError && error.code === ErrorCode.NON_EMPTY_GROUP
      if (!occupied) throw error
      if (performance.now() > deadline) throw new ApplicationRunningError(group)
    }
    if (!told) say(`Waiting for the members of group ${group} to be gone ...`)
    told = true
    await delay(RETRY_MS)
  }
}

const deleteState = async (applicationId: string): Promise<void> => {
  const data = dataDirectory()
  if (!existsSync(data)) return
  const directories = readdirSync(data).filter((name) => /^state(-\d+)?$/.test(name))
  for (const directory of directories) {
    await rm(join(data, directory, applicationId), { recursive: true, force: true })
  }
}

/**
 * Deletes what an application has left: its group, its topics (input and results too) and its local state.
 *
 * @throws ApplicationRunningError while it runs
 */
export const deleteApplication = async (
  transport: BrokerTransport,
  admin: Admin,
  demo: DemoDescription,
  input: ReplayInput,
  say: (text: string) => void,
): Promise<void> => {
  await deleteGroup(admin, demo.applicationId, say)
  await admin.deleteTopics(await existingTopics(transport, demo, input))
  await deleteState(demo.applicationId)
}
