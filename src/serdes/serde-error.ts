import { CodedError } from '../errors/coded-error.js'

/** A serde cannot represent a value, or cannot read bytes. */
export class SerdeError extends CodedError {
  override readonly name = 'SerdeError'

  /** @param serde name of the serde, for example `int32` */
  constructor(
    readonly serde: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super('SERDE', `serde ${serde}: ${problem}`, options)
  }
}

const MAX_SHOWN = 100

/** A value as an error message shows it: never longer than a line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text
}
