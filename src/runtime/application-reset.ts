import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Admin } from '../kafka/admin/admin.js'
import { ErrorCode } from '../kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../kafka/protocol/kafka-protocol-error.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { StateDirectory } from '../state/state-directory.js'
import { StateDirectoryLockedError } from '../state/state-errors.js'
import { internalTopicName } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import { internalTopicNames } from './internal-topic-manager.js'
import { StreamsError } from './streams-error.js'

/** Members of the group are alive: the application runs. */
export class GroupActiveError extends StreamsError {
  override readonly name = 'GroupActiveError'

  constructor(applicationId: string, members: readonly string[]) {
    const who = members.length === 0 ? '' : ` (${members.join(', ')})`
    super(
      'GROUP_ACTIVE',
      `group ${applicationId} has members${who}, so the application runs: stop it first; a member that was killed is ` +
        'taken for dead after its sessionTimeout',
    )
  }
}

/** What an application has left that it goes on from. */
export interface ApplicationRemains {
  /** The consumer group, with its committed offsets. */
  readonly group: string
  /** Repartition topics and changelogs of its topology that exist, and topics that are to go with them. */
  readonly topics: readonly string[]
  /** Topics that look like internal ones of it and that its topology does not have: of a former one, or another application's. */
  readonly unknownTopics: readonly string[]
  /** Its directories on this machine. */
  readonly stateDirectories: readonly string[]
}

export interface ResetTarget {
  readonly applicationId: string
  readonly topology: Topology
  /** As in the options of its clients on this machine. */
  readonly stateDirs: readonly string[]
  /** Other topics that are to go. */
  readonly otherTopics?: readonly string[]
}

const INTERNAL = /-(changelog|repartition)$/

/** Has an application begin anew: without committed offsets, internal topics and local state. */
export class ApplicationReset {
  private readonly admin: Admin

  constructor(
    private readonly transport: BrokerTransport,
    private readonly target: ResetTarget,
  ) {
    this.admin = new Admin(transport)
  }

  /** What would be deleted; deletes nothing. */
  async remains(): Promise<ApplicationRemains> {
    const { applicationId, topology, stateDirs, otherTopics = [] } = this.target
    const present = (await this.transport.metadata()).map(({ topic }) => topic)
    const own = new Set([...internalTopicNames(topology, applicationId), ...otherTopics])
    const prefix = internalTopicName(applicationId, '')
    return {
      group: applicationId,
      topics: present.filter((topic) => own.has(topic)),
      unknownTopics: present.filter(
        (topic) => !own.has(topic) && topic.startsWith(prefix) && INTERNAL.test(topic),
      ),
      stateDirectories: stateDirs.map((directory) => join(directory, applicationId)).filter(existsSync),
    }
  }

  /** @throws {GroupActiveError} while the application runs */
  async requireInactive(): Promise<void> {
    const { applicationId } = this.target
    const members = await this.admin.groupMembers(applicationId)
    if (members.length === 0) return
    throw new GroupActiveError(
      applicationId,
      members.map(({ clientId, host }) => `${clientId} on ${host.replace(/^\//, '')}`),
    )
  }

  /**
   * Deletes the group, the topics and the state, in this order: the broker refuses the first while the group has members.
   *
   * @throws {GroupActiveError} while the application runs
   * @throws {StateDirectoryLockedError} while a process has its state: nothing is deleted then
   */
  async execute({ topics, stateDirectories }: ApplicationRemains): Promise<void> {
    const { applicationId, stateDirs } = this.target
    const locked: StateDirectory[] = []
    try {
      for (const directory of stateDirs) locked.push(...(await lock(directory, applicationId)))
      await this.deleteGroup()
      await this.admin.deleteTopics(topics)
    } finally {
      for (const directory of locked) await directory.close()
    }
    for (const directory of stateDirectories) await rm(directory, { recursive: true, force: true })
  }

  private async deleteGroup(): Promise<void> {
    const { applicationId } = this.target
    try {
      await this.admin.deleteGroup(applicationId)
    } catch (error) {
      const occupied = error instanceof KafkaProtocolError && error.code === ErrorCode.NON_EMPTY_GROUP
      throw occupied ? new GroupActiveError(applicationId, []) : error
    }
  }
}

/** Keeps clients from starting where there is state that can be opened. */
async function lock(stateDir: string, applicationId: string): Promise<readonly StateDirectory[]> {
  if (!existsSync(join(stateDir, applicationId))) return []
  try {
    return [await StateDirectory.open(stateDir, applicationId)]
  } catch (error) {
    if (error instanceof StateDirectoryLockedError) throw error
    // Of another version, say: it is deleted, whatever is in it.
    return []
  }
}
