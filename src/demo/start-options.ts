import { parseArgs } from 'node:util'
import { UsageError } from '../cli/usage-error.js'
import type { ProcessingGuarantee } from '../runtime/streams-config.js'
import type { Speed } from './replay/pace.js'

/** What `npm start` is asked to do. */
export interface StartOptions {
  /** Name of a module of `topologies/`. */
  readonly topology: string
  /** Stop when all input is processed and committed. */
  readonly exit: boolean
  readonly speed: Speed
  /** Publish the first so many records only. */
  readonly limit: number | undefined
  readonly threads: number
  readonly guarantee: ProcessingGuarantee
  /** Join a running application: start no broker, publish nothing. */
  readonly worker: boolean
  /** Delete the application's topics, group and state first. */
  readonly fresh: boolean
  /** The topology's records travel as Avro, with their schemas in a registry. */
  readonly avro: boolean
  readonly progress: 'text' | 'json'
  /** Serve a page that shows the application. */
  readonly page: boolean
  /** Where to serve it, 0: at a free port. Undefined: at the usual one, or where that is taken at the next that is free. */
  readonly port: number | undefined
  readonly help: boolean
}

export const DEFAULT_TOPOLOGY = 'airport-delays'
export const DEFAULT_PORT = 8080
const MAX_PORT = 65_535
const AVRO_TOPOLOGY = `${DEFAULT_TOPOLOGY}-avro`

export const USAGE = `npm start -- [topology] [options]

  topology           a module of topologies/; default ${DEFAULT_TOPOLOGY}
  --exit             stop when all input is processed and committed
  --speed DAYS|max   event-time days published per second; default 2
  --limit N          publish the first N records only
  --threads N        stream threads; default 1
  --guarantee G      exactly_once (default) or at_least_once
  --worker           join a running application: start no broker, publish nothing
  --fresh            delete the application's topics, group and state first
  --avro             the records as Avro, with their schemas in a registry that is
                     started; for ${DEFAULT_TOPOLOGY} only
  --progress text|json   json: a line of JSON a second
  --port N           serve the page at this port of 127.0.0.1, 0: a free one;
                     default ${DEFAULT_PORT}, or the next one that is free
  --no-page          serve no page
  --help             print this

  KAFKA_BROKERS=host:port,...   use these brokers instead of starting one
  SCHEMA_REGISTRY_URL=http://...   with --avro: use this registry instead of starting one`

const OPTIONS = {
  exit: { type: 'boolean', default: false },
  speed: { type: 'string', default: '2' },
  limit: { type: 'string' },
  threads: { type: 'string', default: '1' },
  guarantee: { type: 'string', default: 'exactly_once' },
  worker: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  avro: { type: 'boolean', default: false },
  progress: { type: 'string', default: 'text' },
  port: { type: 'string' },
  'no-page': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/**
 * Reads the command line.
 *
 * @throws UsageError that names the option and the values allowed
 */
export const parseStartOptions = (args: readonly string[]): StartOptions => {
  const { values, positionals } = parse(args)
  if (positionals.length > 1) {
    throw new UsageError(`one topology at a time, not ${positionals.length}: ${positionals.join(', ')}`)
  }
  if (values.worker && values.fresh) {
    throw new UsageError(
      '--fresh deletes what a running application works on, so it does not go with --worker',
    )
  }
  if (values['no-page'] && values.port !== undefined) {
    throw new UsageError('--port says where to serve the page, so it does not go with --no-page')
  }
  const topology = topologyOf(positionals[0] ?? DEFAULT_TOPOLOGY, values.avro)
  return {
    topology,
    exit: values.exit,
    speed: speedOf(values.speed),
    limit: values.limit === undefined ? undefined : wholeNumber('--limit', values.limit),
    threads: wholeNumber('--threads', values.threads),
    guarantee: oneOf('--guarantee', values.guarantee, ['exactly_once', 'at_least_once']),
    worker: values.worker,
    fresh: values.fresh,
    avro: topology === AVRO_TOPOLOGY,
    progress: oneOf('--progress', values.progress, ['text', 'json']),
    page: !values['no-page'],
    port: values.port === undefined ? undefined : portNumber(values.port),
    help: values.help,
  }
}

/** What travels as Avro has a topology of its own, which may be named, too. */
const topologyOf = (name: string, avro: boolean): string => {
  if (!avro || name === AVRO_TOPOLOGY) return name
  if (name === DEFAULT_TOPOLOGY) return AVRO_TOPOLOGY
  throw new UsageError(`--avro does not go with ${name}: there is Avro for ${DEFAULT_TOPOLOGY} only`)
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const known = Object.keys(OPTIONS).map((name) => `--${name}`)
    const problem = (error as Error).message.split(/[.\n]/)[0] ?? ''
    throw new UsageError(`${problem}; the options are ${known.join(', ')}`, { cause: error })
  }
}

const speedOf = (text: string): Speed => {
  if (text === 'max') return 'max'
  const days = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(days) && days > 0) return days
  throw new UsageError(`--speed ${text}: give the event-time days per second, a number above 0, or max`)
}

const wholeNumber = (option: string, text: string): number => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new UsageError(`${option} ${text}: give a whole number from 1`)
}

const portNumber = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= MAX_PORT) return port
  throw new UsageError(`--port ${text}: give a whole number from 0 to ${MAX_PORT}`)
}

const oneOf = <T extends string>(option: string, text: string, allowed: readonly T[]): T => {
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw new UsageError(`${option} ${text}: give ${allowed.join(' or ')}`)
}
