/** Who writes, in the eyes of the broker: sequences count per identity and partition, from 0. */
export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** Asks InitProducerId for a new identity. */
export const NO_IDENTITY: ProducerIdentity = { producerId: -1, producerEpoch: -1 }
