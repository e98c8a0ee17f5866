/** A task: one partition of one sub-topology, written as Kafka Streams writes it (`0_3`). */
export interface TaskId {
  readonly subTopology: number
  readonly partition: number
}

export const formatTaskId = (subTopology: number, partition: number): string => `${subTopology}_${partition}`

export function parseTaskId(text: string): TaskId {
  const match = /^(\d+)_(\d+)$/.exec(text)
  if (match === null) throw new Error(`'${text}' is no task id of the form <sub-topology>_<partition>`)
  return { subTopology: Number(match[1]), partition: Number(match[2]) }
}
