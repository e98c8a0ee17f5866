import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import type { RestoredStore } from '../../runtime/restored-store.js'
import { restoreLine } from './format.js'

/** Says what a client has restored, each time that all of its tasks run. */
export const reportRestores = (streams: Pick<KafkaStreams, 'on'>, say: (text: string) => void): void => {
  let stores: RestoredStore[] = []
  streams.on('restored', (store) => stores.push(store))
  streams.on('state', (state) => {
    if (state !== 'running' || stores.length === 0) return
    say(restoreLine(stores))
    stores = []
  })
}
