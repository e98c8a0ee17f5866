/** A line of a Dockerfile, those that it goes on in joined. */
export interface Instruction {
  readonly keyword: string
  /** Options such as `--from=package`, by name. */
  readonly flags: Readonly<Record<string, string>>
  readonly value: string
}

/** What begins with a FROM. */
export interface Stage {
  readonly base: string
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** What an image tells who runs it. */
export interface ImageConfig {
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthCheck: readonly string[]
  readonly stopSignal: string
  readonly ports: readonly number[]
  readonly volumes: readonly string[]
}

const FLAG = /^--([a-z-]+)=(\S+)\s+/
const VARIABLE = /([A-Z][A-Z0-9_]*)=("[^"]*"|\S+)/g

/** The stages of a Dockerfile, as far as the grammar goes that ours uses. */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  const instructions = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(instructionOf)
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') {
      const [base, , name] = instruction.value.split(/\s+/)
      stages.push({ base: base!, name, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

function instructionOf(line: string): Instruction {
  const [, keyword, rest] = /^(\w+)\s+(.*)$/.exec(line)!
  const flags: Record<string, string> = {}
  let value = rest!
  for (let found = FLAG.exec(value); found !== null; found = FLAG.exec(value)) {
    flags[found[1]!] = found[2]!
    value = value.slice(found[0].length)
  }
  return { keyword: keyword!, flags, value: value.trim() }
}

/** The exec form of a command, the one without a shell; throws where it is another. */
const execForm = (value: string): readonly string[] => JSON.parse(value.replace(/^CMD\s+/, '')) as string[]

export const variablesOf = (value: string): Record<string, string> =>
  Object.fromEntries([...value.matchAll(VARIABLE)].map(([, name, text]) => [name, text!.replaceAll('"', '')]))

/** What the last stage of a Dockerfile says. */
export function imageConfig(stages: readonly Stage[]): ImageConfig {
  const { instructions } = stages.at(-1)!
  const all = (keyword: string): string[] =>
    instructions.filter((instruction) => instruction.keyword === keyword).map(({ value }) => value)
  const last = (keyword: string): string => {
    const value = all(keyword).at(-1)
    if (value === undefined) throw new Error(`the image has no ${keyword}`)
    return value
  }
  return {
    env: Object.assign({}, ...all('ENV').map(variablesOf)) as Record<string, string>,
    directory: last('WORKDIR'),
    user: last('USER'),
    entrypoint: execForm(last('ENTRYPOINT')),
    command: execForm(last('CMD')),
    healthCheck: execForm(last('HEALTHCHECK')),
    stopSignal: last('STOPSIGNAL'),
    ports: all('EXPOSE').map(Number),
    volumes: all('VOLUME'),
  }
}
