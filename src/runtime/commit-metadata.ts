import { StreamsError } from './streams-error.js'

const FORMAT = 'millrace:1'
const RADIX = 36

/** What is committed beside an input offset, in the offset's metadata (a few dozen bytes; the broker allows 4,096). */
export interface CommitMetadata {
  /** The greatest timestamp seen on the partition; -1 if none was seen. */
  readonly partitionTime: number
  /** Where the task's operators stand in event time; empty where none keeps state. */
  readonly operatorTimes: string
  /** How far the partition's own event time has come, where other members align theirs with it; absent: not known. */
  readonly eventTime?: number | undefined
}

/** The committed offset was written by another version of Millrace, or by another topology. */
export class IncompatibleCommitError extends StreamsError {
  override readonly name = 'IncompatibleCommitError'
}

/** Text, so that Kafka's own tools show it: format, topology fingerprint, partition time, operators' times, event time. */
export function encodeCommitMetadata(
  fingerprint: string,
  { partitionTime, operatorTimes, eventTime = -1 }: CommitMetadata,
): string {
  const text = `${FORMAT}:${fingerprint}:${partitionTime}:${operatorTimes}`
  return eventTime < 0 ? text : `${text}:${eventTime.toString(RADIX)}`
}

/**
 * Reads the metadata of a committed offset.
 *
 * @throws {IncompatibleCommitError} if it was not written by this format and this topology.
 */
export function decodeCommitMetadata(
  text: string | null,
  fingerprint: string,
  where: string,
): CommitMetadata {
  if (text === null || text === '') return { partitionTime: -1, operatorTimes: '' }
  const [product, version, writtenBy, partitionTime, operatorTimes = '', eventTime] = text.split(':')
  if (`${product}:${version}` !== FORMAT || partitionTime === undefined || !/^-?\d+$/.test(partitionTime)) {
    throw new IncompatibleCommitError(
      'UNKNOWN_COMMIT_FORMAT',
      `the committed offset of ${where} has metadata '${text}', which this version (${FORMAT}) cannot read: ` +
        'run the version that wrote it, or reset the application (delete its group, internal topics and state directory)',
    )
  }
  if (writtenBy !== fingerprint) {
    throw new IncompatibleCommitError(
      'TOPOLOGY_CHANGED',
      `the committed offset of ${where} was written by another topology (${writtenBy}, now ${fingerprint}): ` +
        'deploy the topology that wrote it, use a new applicationId, or reset the application ' +
        '(delete its group, internal topics and state directory)',
    )
  }
  return {
    partitionTime: Number(partitionTime),
    operatorTimes,
    ...(eventTime !== undefined && { eventTime: Number.parseInt(eventTime, RADIX) }),
  }
}
