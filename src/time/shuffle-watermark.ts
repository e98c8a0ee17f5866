import { combinedEventTime, type InputWatermark } from './input-watermark.js'
import { QuietTime } from './quiet-time.js'
import type { TaskWatermark, WatermarkMarker } from './watermark-marker.js'

/** The tasks of a sub-topology that writes to the topic. */
interface Writer {
  tasks: number
  readonly heard: Map<number, TaskWatermark>
}

/**
 * The watermark of one partition of a repartition topic: the least of the tasks that write to it, as their markers tell.
 * Nothing is known before all of them were heard. Where tasks are added it stays where it is until they have come up.
 */
export class ShuffleWatermark implements InputWatermark {
  eventTime = -1
  idle = false
  readonly quiet = new QuietTime()
  private readonly writers: ReadonlyMap<number, Writer>

  /** @param subTopologies those that write to the topic */
  constructor(subTopologies: readonly number[]) {
    this.writers = new Map(subTopologies.map((id) => [id, { tasks: 1, heard: new Map() }]))
  }

  /** @returns whether event time has come further, or the partition has become idle or is so no more */
  take({ subTopology, tasks, watermarks }: WatermarkMarker): boolean {
    const writer = this.writers.get(subTopology)
    if (writer === undefined) return false
    writer.tasks = Math.max(writer.tasks, tasks)
    for (const { task, eventTime, idle } of watermarks) {
      const before = writer.heard.get(task)?.eventTime ?? -1
      writer.heard.set(task, { task, eventTime: Math.max(before, eventTime), idle })
    }
    return this.update()
  }

  private update(): boolean {
    const all: TaskWatermark[] = []
    let complete = true
    for (const { tasks, heard } of this.writers.values()) {
      if (heard.size < tasks) complete = false
      all.push(...heard.values())
    }
    const eventTime = complete ? Math.max(this.eventTime, combinedEventTime(all)) : this.eventTime
    // A task that was not heard yet may write: it is waited for.
    const idle = complete && all.every((task) => task.idle)
    const changed = eventTime > this.eventTime || idle !== this.idle
    this.eventTime = eventTime
    this.idle = idle
    return changed
  }
}
