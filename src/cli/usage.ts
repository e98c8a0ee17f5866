import { OPTIONS, SPELLINGS } from './config/spellings.js'

const HEAD = `millrace run MODULE [options]        runs the topology that is the default export of a module
millrace describe MODULE             shows it; --format text (as Kafka Streams does), json, mermaid
millrace topics MODULE [options]     shows the topics that it reads, writes and has created, and which exist
millrace reset MODULE [options]      shows what would be deleted so that it begins anew; --execute deletes it
millrace schema ACTION ...           checks, registers, compares schemas, makes types of them; --help tells more

  --config FILE        a file of JSON with options
  --print-config       shows the options as they hold, and where they stand, and ends; for run
  --execute            for reset
  --format FORMAT      for describe
  --help, --version

Options: on the command line, before the environment, before the file.
`

/** What --help prints. */
export const usage = (): string => `${HEAD}\n${OPTIONS.map(({ name }) => optionLines(name)).join('\n')}\n`

function optionLines(name: string): string {
  const spellings = SPELLINGS.filter(({ option }) => option.name === name)
  const ways = spellings.flatMap(({ flag, variable }) =>
    flag === undefined ? [variable] : [`--${flag}`, variable],
  )
  const { meaning, allowed, otherwise, default: value } = spellings[0]!.option
  const preset = otherwise ?? (value === undefined ? undefined : String(value))
  return `  ${ways.join(', ')}\n      ${meaning}: ${allowed}${preset === undefined ? '' : ` (default: ${preset})`}`
}
