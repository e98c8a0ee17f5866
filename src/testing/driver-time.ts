import type { ProcessingGraph } from '../runtime/processing-graph.js'
import { encodeMarker, markerHeaders } from '../time/watermark-marker.js'
import type { RawRecord } from './test-record.js'

/** Event time of a driver where it comes from watermarks: idle topics, the end of the input, markers. */
export class DriverTime {
  /** By topic: when something was piped last, on the wall clock. */
  private readonly lastRead = new Map<string, number>()
  /** By repartition topic: what its last marker told. */
  private readonly sent = new Map<string, string>()

  constructor(
    private readonly graph: ProcessingGraph,
    private readonly now: () => number,
  ) {
    for (const topic of graph.sourceTopics) {
      this.read(topic)
      graph.source(topic).beginReading(0)
    }
    graph.beginTime()
  }

  /** Takes note that something is piped into a topic. */
  read(topic: string): void {
    this.lastRead.set(topic, this.now())
  }

  /** Has topics become idle that nothing was piped into for long enough. @returns whether event time has moved */
  tick(): boolean {
    const now = this.now()
    return this.every((topic) => this.graph.source(topic).tick(now, now - (this.lastRead.get(topic) ?? now)))
  }

  /** Ends all topics of the user's. @returns whether event time has moved */
  end(): boolean {
    return this.every((topic) => this.graph.source(topic).endInput())
  }

  /** What repartition topics are to be told of, behind all that was sent there. */
  markers(): readonly { readonly topic: string; readonly record: RawRecord }[] {
    return [...this.graph.shuffleTimes()].flatMap(({ topic, subTopology, eventTime, idle }) => {
      const state = `${eventTime} ${idle}`
      if (eventTime < 0 || this.sent.get(topic) === state) return []
      this.sent.set(topic, state)
      const value = encodeMarker({ subTopology, tasks: 1, watermarks: [{ task: 0, eventTime, idle }] })
      return [{ topic, record: { key: null, value, timestamp: 0, headers: markerHeaders } }]
    })
  }

  private every(move: (topic: string) => boolean): boolean {
    let moved = false
    for (const topic of this.graph.sourceTopics) if (move(topic)) moved = true
    return moved
  }
}
