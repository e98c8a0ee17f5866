import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import type { StateDatabase } from '../state/state-database.js'
import { type OpenTaskOptions, openTaskDatabase } from '../state/state-directory.js'
import type { WallClock } from '../time/wall-clock.js'
import { localTasks } from './local-tasks.js'
import { runningTime } from './process-pulse.js'
import { connectionOptions, type StreamsConfig } from './streams-config.js'

/** All that a stream thread reaches of the world: its process's disk, the cluster, and the time. */
export interface ThreadHome {
  /** Identifies the process over restarts. */
  readonly processId: string
  /** For how long the process has run, in coarse milliseconds: only differences mean anything. */
  runningTime(): number
  /** Opens the database of a task; one owner at a time: waits for another one to close it until the signal is aborted. */
  openTask(taskId: string, options: OpenTaskOptions): Promise<StateDatabase>
  /** The tasks that the process has state of, each with a measure of how fresh it is. */
  localTasks(): Iterable<readonly [taskId: string, changedAt: number]>
  /** Connections of the thread's own; `clientId` names them in the brokers' logs. */
  connect(clientId: string, onUnreachable: (broker: string, error: Error) => void): BrokerTransport
  /** What processors see, and what their schedules on the wall clock go by. */
  readonly wallClock: WallClock
}

/** What the threads of a process share. */
export interface SharedHome {
  readonly processId: string
  /** The application's, which the process has locked. */
  readonly stateDirectory: string
  /** Of the process's pulse. */
  readonly beats: SharedArrayBuffer
}

/** The home of the threads of this process. */
export function processHome(
  config: StreamsConfig,
  shared: SharedHome,
  wallClock: WallClock = Date.now,
): ThreadHome {
  const { processId, stateDirectory, beats } = shared
  return {
    processId,
    runningTime: runningTime(beats),
    wallClock,
    openTask: (taskId, options) => openTaskDatabase(stateDirectory, taskId, options),
    localTasks: () => localTasks(stateDirectory),
    connect: (clientId, onUnreachable) =>
      new KafkaJsTransport(connectionOptions(config, clientId, onUnreachable)),
  }
}
