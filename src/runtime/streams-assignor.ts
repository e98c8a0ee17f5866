import type { Assignments, AssignorMember, GroupAssignor } from '../kafka/group/group-assignor.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import { StreamsError } from './streams-error.js'
import { type AssignableMember, type AssignableTask, assignableTasks, assignTasks } from './task-assignor.js'

/** What a member tells the leader of the group. */
interface MemberUserData {
  readonly version: 1
  readonly processId: string
  /** The topology that it runs: members of one group must agree. */
  readonly fingerprint: string
  /** Tasks whose state its process has on disk: id and how fresh it is. */
  readonly localState: readonly (readonly [string, number])[]
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
  /** Fresh partition counts of topics. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
}

/** Assigns tasks to stream threads through Kafka's consumer protocol; see {@link assignTasks}. */
export class StreamsAssignor implements GroupAssignor {
  readonly name = 'millrace'

  constructor(private readonly host: AssignorHost) {}

  userData(): Buffer {
    const data: MemberUserData = {
      version: 1,
      processId: this.host.processId,
      fingerprint: this.host.fingerprint,
      localState: [...this.host.localState()],
    }
    return Buffer.from(JSON.stringify(data))
  }

  async assign(members: readonly AssignorMember[]): Promise<Assignments> {
    const topics = [...new Set(this.host.subTopologies.flatMap((each) => each.topics))]
    const counts = await this.host.partitionCounts(topics)
    const tasks = assignableTasks(this.host.subTopologies, (topic) => counts.get(topic)!)
    const assignable = members.map((member) => this.assignable(member, tasks))
    const assignment = assignTasks(tasks, assignable)
    return new Map(
      [...assignment].map(([memberId, assigned]) => [
        memberId,
        { partitions: assigned.flatMap((task) => task.partitions), userData: null },
      ]),
    )
  }

  private assignable(member: AssignorMember, tasks: readonly AssignableTask[]): AssignableMember {
    const data = this.readUserData(member)
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

  private readUserData(member: AssignorMember): MemberUserData {
    const data = JSON.parse(member.userData?.toString('utf8') ?? 'null') as MemberUserData | null
    if (data?.version !== 1) {
      throw new StreamsError(
        'INCOMPATIBLE_MEMBER',
        `group member ${member.memberId} speaks another version of the assignment protocol: run one version in a group`,
      )
    }
    if (data.fingerprint !== this.host.fingerprint) {
      throw new StreamsError(
        'TOPOLOGY_CHANGED',
        `group member ${member.memberId} runs another topology (${data.fingerprint}, here ${this.host.fingerprint}): ` +
          'members of one applicationId must run the same one',
      )
    }
    return data
  }
}
