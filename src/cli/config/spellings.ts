import { type OptionDefinition, STREAMS_OPTIONS } from '../../runtime/streams-options.js'
import { SERVICE_OPTIONS, type ServiceOptionDefinition } from './service-options.js'

/** An option of the command. */
export interface ConfigOption extends OptionDefinition<unknown> {
  readonly name: string
}

/** A way to write an option: under its name, or as the name of a file that has it. */
export interface Spelling {
  readonly option: ConfigOption
  /** In the configuration file; its dots are objects. */
  readonly name: string
  /** Of the environment. */
  readonly variable: string
  /** On the command line, without dashes; undefined: it has no place there, where others can read it. */
  readonly flag: string | undefined
  readonly namesFile: boolean
}

const DEFINITIONS: Readonly<Record<string, ServiceOptionDefinition<unknown>>> = {
  ...STREAMS_OPTIONS,
  ...SERVICE_OPTIONS,
}

/** Every option of the command. */
export const OPTIONS: readonly ConfigOption[] = Object.entries(DEFINITIONS).map(([name, definition]) => ({
  name,
  ...definition,
}))

const words = (name: string): string[] => name.split(/\.|(?=[A-Z])/).map((word) => word.toLowerCase())

function spelling(option: ConfigOption, name: string, namesFile: boolean): Spelling {
  const { called } = DEFINITIONS[option.name]!
  return {
    option,
    name,
    namesFile,
    variable: called?.variable ?? `MILLRACE_${words(name).join('_').toUpperCase()}`,
    flag: option.secret === true && !namesFile ? undefined : (called?.flag ?? words(name).join('-')),
  }
}

/** Every way to write an option. */
export const SPELLINGS: readonly Spelling[] = OPTIONS.flatMap((option) => {
  const { name } = option
  const inFile = DEFINITIONS[name]!.ownFile === true ? [spelling(option, `${name}File`, true)] : []
  return [spelling(option, name, false), ...inFile]
})

const MOST_DIFFERENT = 3

/** What somebody may have meant who wrote something else; undefined: nothing is like it. */
export function closest(written: string, known: readonly string[]): string | undefined {
  const ranked = known.map((name) => ({
    name,
    distance: distance(written.toLowerCase(), name.toLowerCase()),
  }))
  const [best] = ranked.sort((left, right) => left.distance - right.distance)
  return best !== undefined && best.distance <= MOST_DIFFERENT ? best.name : undefined
}

/** How many characters have to be put in, taken out or replaced. */
function distance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (const [row, character] of [...left].entries()) {
    const line = [row + 1]
    for (let column = 0; column < right.length; column++) {
      const replaced = above[column]! + (character === right[column] ? 0 : 1)
      line.push(Math.min(replaced, above[column + 1]! + 1, line[column]! + 1))
    }
    above = line
  }
  return above[right.length]!
}
