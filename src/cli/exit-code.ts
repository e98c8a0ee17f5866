import { constants } from 'node:os'

/** What the command ends with; `docs/running.md` has what each one means. */
export const ExitCode = {
  /** Done; after a signal: everything that was processed is committed. */
  OK: 0,
  /** Stopped by an error while it ran. */
  FAILED: 1,
  /** The command line, the configuration or the topology is wrong: a restart does not help. */
  USAGE: 2,
  /** It could not start. */
  NOT_STARTED: 3,
  /** It did not end in time: what was not committed is done again after the next start. */
  NOT_COMMITTED: 4,
  /** Another member of the application has asked all of them to stop. */
  APPLICATION_STOPPED: 5,
  /** Refused: the application is running. */
  APPLICATION_ACTIVE: 6,
  /** A schema is refused, or a file of types is out of date. */
  SCHEMA_REFUSED: 7,
} as const

/** What a process ends with that a signal ends. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal]
