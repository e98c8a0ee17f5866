import type {
  Assignments,
  AssignorMember,
  GroupAssignor,
  MemberAssignment,
} from '../kafka/group/group-assignor.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import { StreamsError } from './streams-error.js'
import { type AssignableMember, type AssignableTask, assignableTasks, assignTasks } from './task-assignor.js'

const VERSION = 1

/** What a member tells the leader of the group. */
interface MemberUserData {
  readonly version: number
  readonly processId: string
  /** The topology that it runs: members of one group must agree. */
  readonly fingerprint: string
  /** Tasks whose state its process has on disk: id and how fresh it is. */
  readonly localState: readonly (readonly [string, number])[]
  /** Whether the application is to be drained, as far as the member knows. */
  readonly draining?: boolean
  /** Why it asks all members to end; it takes no tasks itself. */
  readonly stopping?: string
}

/** What the leader tells a member that it gives tasks. */
interface Instructions {
  readonly draining: boolean
  /** Why all members are to end; absent: they are not. */
  readonly stopping?: string
}

/** What the leader tells a member that it gives nothing. */
interface Refusal {
  readonly code: string
  readonly message: string
}

/** What the assignor needs of the thread that it works for. */
export interface AssignorHost {
  readonly processId: string
  readonly fingerprint: string
  /** Sub-topologies with the topics in Kafka that they read. */
  readonly subTopologies: readonly {
    readonly id: number
    readonly stateful: boolean
    readonly topics: readonly string[]
  }[]
  localState(): Iterable<readonly [string, number]>
  /** Whether the application is to be drained, as far as is known here. */
  draining(): boolean
  /** Why all members are to end; undefined: they are not, as far as is known here. */
  stopping(): string | undefined
  /** Fresh partition counts of topics. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
}

/** Assigns tasks to stream threads through Kafka's consumer protocol; see {@link assignTasks}. */
export class StreamsAssignor implements GroupAssignor {
  readonly name = 'millrace'

  constructor(private readonly host: AssignorHost) {}

  userData(): Buffer {
    const stopping = this.host.stopping()
    const data: MemberUserData = {
      version: VERSION,
      processId: this.host.processId,
      fingerprint: this.host.fingerprint,
      localState: [...this.host.localState()],
      ...(this.host.draining() && { draining: true }),
      ...(stopping !== undefined && { stopping }),
    }
    return Buffer.from(JSON.stringify(data))
  }

  async assign(members: readonly AssignorMember[]): Promise<Assignments> {
    const topics = [...new Set(this.host.subTopologies.flatMap((each) => each.topics))]
    const counts = await this.host.partitionCounts(topics)
    const tasks = assignableTasks(this.host.subTopologies, (topic) => counts.get(topic)!)
    const assignments = new Map<string, MemberAssignment>()
    const assignable: AssignableMember[] = []
    let draining = false
    let stopping: string | undefined
    for (const member of members) {
      const data = readUserData(member)
      const refusal = this.refusalOf(data)
      if (refusal !== undefined) assignments.set(member.memberId, without(refusal))
      else if (data.stopping !== undefined) {
        stopping = data.stopping
        assignments.set(member.memberId, { partitions: [], userData: null })
      } else {
        assignable.push(assignableMember(member, data, tasks))
        draining ||= data.draining === true
      }
    }
    if (assignable.length === 0) return assignments
    const userData = instructing({ draining, ...(stopping !== undefined && { stopping }) })
    for (const [memberId, assigned] of assignTasks(tasks, assignable)) {
      assignments.set(memberId, { partitions: assigned.flatMap((task) => task.partitions), userData })
    }
    return assignments
  }

  /** Why a member can have no tasks: this one leads, so that the group goes by it. */
  private refusalOf({ version, fingerprint }: MemberUserData): Refusal | undefined {
    if (version !== VERSION) {
      return {
        code: 'INCOMPATIBLE_MEMBER',
        message: 'the group speaks another version of the assignment protocol: run one version in a group',
      }
    }
    if (fingerprint === this.host.fingerprint) return undefined
    return {
      code: 'TOPOLOGY_CHANGED',
      message:
        `the group runs another topology (${this.host.fingerprint}, here ${fingerprint}): ` +
        'members of one applicationId must run the same one',
    }
  }
}

const without = (refusal: Refusal): MemberAssignment => ({
  partitions: [],
  userData: Buffer.from(JSON.stringify(refusal)),
})

const instructing = (instructions: Instructions): Buffer | null =>
  instructions.draining || instructions.stopping !== undefined
    ? Buffer.from(JSON.stringify(instructions))
    : null

/**
 * What an assignment says beside its tasks.
 *
 * @throws {StreamsError} with the leader's reason if it does not let us be a member at all
 */
export function instructionsOf(userData: Buffer | null): Instructions {
  if (userData === null) return { draining: false }
  const told = JSON.parse(userData.toString('utf8')) as Refusal | Instructions
  if ('code' in told) throw new StreamsError(told.code, told.message)
  return told
}

const readUserData = ({ userData }: AssignorMember): MemberUserData =>
  JSON.parse(userData?.toString('utf8') ?? '{}') as MemberUserData

function assignableMember(
  member: AssignorMember,
  data: MemberUserData,
  tasks: readonly AssignableTask[],
): AssignableMember {
  const partitions = new Set(
    member.ownedPartitions.map(({ topic, partition }) => topicPartitionKey(topic, partition)),
  )
  const owned = tasks.filter((task) =>
    task.partitions.some(({ topic, partition }) => partitions.has(topicPartitionKey(topic, partition))),
  )
  return {
    memberId: member.memberId,
    processId: data.processId,
    owned: new Set(owned.map((task) => task.id)),
    localState: new Map(data.localState),
  }
}
