/** Local state cannot be used as it is. */
export class StateError extends Error {
  override readonly name: string = 'StateError'

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
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
    options?: ErrorOptions,
  ) {
    super(
      'STATE_CORRUPT',
      `state in ${location} is corrupt: it has to be restored from the changelogs`,
      options,
    )
  }
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
