import { KafkaStreams } from '../runtime/kafka-streams.js'
import { StateDirectoryLockedError } from '../state/state-errors.js'
import type { Demo } from './demo.js'
import { stateDirectory } from './project-data.js'
import type { StartOptions } from './start-options.js'

const MOST_WORKERS = 64

/** At least once commits every 30 seconds by default, and results come with the commit: too long to watch. */
const WATCHABLE_COMMIT_INTERVAL = '1s'

/**
 * Starts a client of the application. The first process of a project has the first state directory; a worker takes
 * the first other one that is free.
 *
 * @param signal ends the start, and the client
 * @param observe sees the client before it starts
 */
export const openStreams = async (
  demo: Demo,
  { worker, threads, guarantee }: StartOptions,
  brokers: readonly string[],
  signal: AbortSignal,
  observe: (streams: KafkaStreams) => void,
): Promise<KafkaStreams> => {
  for (let place = worker ? 2 : 1; ; place++) {
    const streams = await KafkaStreams.fromModule(demo.module, {
      applicationId: demo.applicationId,
      brokers,
      signal,
      threads,
      processingGuarantee: guarantee,
      ...(guarantee === 'at_least_once' ? { commitInterval: WATCHABLE_COMMIT_INTERVAL } : {}),
      stateDir: stateDirectory(place),
    })
    observe(streams)
    try {
      await streams.start()
      return streams
    } catch (error) {
      if (!worker || !(error instanceof StateDirectoryLockedError) || place > MOST_WORKERS) throw error
    }
  }
}
