import { shown } from '../serde-error.js'
import { InvalidSerdeOptionError } from './registry-errors.js'

const STRATEGIES: readonly unknown[] = ['topic-name', 'record-name', 'topic-record-name']
const REGISTRARS: readonly unknown[] = ['never', 'at-start']

/** What the options of a registered serde may be where types were bypassed. */
interface GivenOptions {
  readonly registry: unknown
  readonly subject?: unknown
  readonly register?: unknown
}

const isRegistry = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'wireFormat' in value

/** @throws {InvalidSerdeOptionError} */
export function checkOptions(serde: string, options: GivenOptions): void {
  const { registry, subject = 'topic-name', register = 'never' } = options
  const refuse = (option: string, value: unknown, allowed: string): never => {
    throw new InvalidSerdeOptionError(serde, option, `${shown(value)} is not allowed: ${allowed}`)
  }
  if (!isRegistry(registry)) refuse('registry', registry, 'what confluentSchemaRegistry({ url }) gives')
  if (typeof subject !== 'function' && !STRATEGIES.includes(subject)) {
    refuse('subject', subject, "'topic-name', 'record-name', 'topic-record-name' or a function")
  }
  if (!REGISTRARS.includes(register)) refuse('register', register, "'never' or 'at-start'")
}
