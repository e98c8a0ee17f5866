import { causesOf } from '../errors/causes.js'
import { CodedError } from '../errors/coded-error.js'

/** Local state cannot be used as it is. */
export class StateError extends CodedError {
  override readonly name: string = 'StateError'
}

/** Another process works on the state directory. */
export class StateDirectoryLockedError extends StateError {
  override readonly name = 'StateDirectoryLockedError'

  constructor(
    readonly directory: string,
    options?: ErrorOptions,
  ) {
    super(
      'STATE_DIRECTORY_LOCKED',
      `state directory ${directory} is in use by another process: stop that one, or give this one another stateDir`,
      options,
    )
  }
}

/** The state on disk has a format that this version does not know. */
export class UnknownStateFormatError extends StateError {
  override readonly name = 'UnknownStateFormatError'

  constructor(
    readonly location: string,
    readonly found: unknown,
    readonly known: number,
  ) {
    super(
      'UNKNOWN_STATE_FORMAT',
      `state in ${location} has format version ${String(found)}, this version of Millrace reads ${known}: ` +
        'run the version that wrote it, or delete the directory (state is restored from the changelogs)',
    )
  }
}

/** The state on disk was written by a topology with other operators or stores. */
export class TopologyChangedError extends StateError {
  override readonly name = 'TopologyChangedError'

  constructor(
    readonly location: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(
      'TOPOLOGY_CHANGED',
      `state in ${location} belongs to topology ${found}, this topology is ${expected}: run the former topology, ` +
        'use another applicationId, or reset the application',
    )
  }
}

/** A database cannot be read any more; what it held is restored from the changelogs into a new one. */
export class StateCorruptError extends StateError {
  override readonly name = 'StateCorruptError'

  constructor(
    readonly location: string,
    options: ErrorOptions = {},
  ) {
    super(
      'STATE_CORRUPT',
      `state in ${location} is corrupt: ${options.cause === undefined ? 'not what was written' : rootMessage(options.cause)}; ` +
        'it is deleted, and restored from the changelogs',
      options,
    )
  }
}

/** The file system does not let state be written or read: no space, no permission, no such device. */
export class StateIoError extends StateError {
  override readonly name = 'StateIoError'

  constructor(
    readonly location: string,
    options: { readonly cause: unknown },
  ) {
    super(
      'STATE_IO',
      `state in ${location} cannot be written or read: ${rootMessage(options.cause)}; ` +
        'see to the space and permissions of option stateDir, and start again (nothing that is committed is lost)',
      options,
    )
  }
}

/** What is at the bottom of an error. */
function rootMessage(error: unknown): string {
  const causes = [...causesOf(error)]
  const root = causes.at(-1)
  return root instanceof Error ? root.message : String(root)
}

/** A changelog holds a record that no store of this kind writes. */
export class ChangelogFormatError extends StateError {
  override readonly name = 'ChangelogFormatError'

  constructor(
    readonly store: string,
    readonly offset: number,
    problem: string,
  ) {
    super('CHANGELOG_FORMAT', `changelog of store ${store}, offset ${offset}: ${problem}`)
  }
}
