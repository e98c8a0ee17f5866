import { type Duration, parseDuration } from '../time/duration.js'
import { matches } from '../topology/matched-topics.js'
import { sourcesOf } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import { ConfigError } from './streams-error.js'

/**
 * How fast a topic is read at most, by all members of the application together: each thread takes as much of it as it has
 * of the topic's partitions. What is read in a tenth of a second may come at once.
 */
export interface RateLimit {
  /** Records a second. */
  readonly recordsPerSecond?: number
  /** Bytes of keys, values and headers a second, uncompressed. */
  readonly bytesPerSecond?: number
  /**
   * Lowers the rate, for each thread on its own, while it has more than it can do, and raises it again. `true`: by both
   * signals, with their default targets.
   */
  readonly adaptive?: boolean | AdaptiveRateOptions
}

/** What an adaptive rate goes by: signals that are not named are not looked at. */
export interface AdaptiveRateOptions {
  /**
   * How late the event loop of the thread may be, in the mean of a second; 100 ms with `adaptive: true`. Processing itself
   * keeps it up to 10 ms.
   */
  readonly eventLoopDelay?: Duration
  /**
   * How long it may take until output, changelogs and offsets are acknowledged; 1 s with `adaptive: true`. A commit that
   * takes longer counts before it ends.
   */
  readonly commitLatency?: Duration
}

/** A limit with its defaults, checked; what is infinite does not limit. Plain data, so that it can go to a thread. */
export interface CompiledRateLimit {
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  readonly adaptive: RateTargets | undefined
}

/** Beyond either of them there is too much to do. */
export interface RateTargets {
  readonly eventLoopDelayMs: number
  readonly commitLatencyMs: number
}

const DEFAULT_ADAPTIVE: AdaptiveRateOptions = { eventLoopDelay: '100ms', commitLatency: '1s' }

const FIELDS = ['recordsPerSecond', 'bytesPerSecond', 'adaptive']
const ADAPTIVE_FIELDS = ['eventLoopDelay', 'commitLatency']

/**
 * Checks limits and fills in defaults, by topic.
 *
 * @throws {ConfigError} naming the topic and the values allowed
 */
export function checkedRateLimits(
  option: string,
  limits: unknown = {},
): Readonly<Record<string, CompiledRateLimit>> {
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) {
    throw new ConfigError(option, `must be an object with a limit for each of some topics`)
  }
  return Object.fromEntries(
    Object.entries(limits).map(([topic, limit]) => [topic, compileRateLimit(`${option}.${topic}`, limit)]),
  )
}

function compileRateLimit(option: string, limit: RateLimit): CompiledRateLimit {
  requireFields(option, limit, FIELDS)
  const { recordsPerSecond, bytesPerSecond, adaptive = false } = limit
  if (recordsPerSecond === undefined && bytesPerSecond === undefined && adaptive === false) {
    throw new ConfigError(option, `limits nothing: give it one of ${FIELDS.join(', ')}`)
  }
  return {
    recordsPerSecond: rate(`${option}.recordsPerSecond`, recordsPerSecond),
    bytesPerSecond: rate(`${option}.bytesPerSecond`, bytesPerSecond),
    adaptive: targets(`${option}.adaptive`, adaptive),
  }
}

function requireFields(option: string, value: unknown, fields: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(option, `must be an object with some of ${fields.join(', ')}`)
  }
  const unknown = Object.keys(value).find((field) => !fields.includes(field))
  if (unknown !== undefined) throw new ConfigError(option, `${unknown} is none of ${fields.join(', ')}`)
}

function rate(option: string, value: number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw new ConfigError(option, `${String(value)} must be a number above 0`)
}

function targets(option: string, adaptive: boolean | AdaptiveRateOptions): RateTargets | undefined {
  if (adaptive === false) return undefined
  const given = adaptive === true ? DEFAULT_ADAPTIVE : adaptive
  requireFields(option, given, ADAPTIVE_FIELDS)
  const { eventLoopDelay, commitLatency } = given
  if (eventLoopDelay === undefined && commitLatency === undefined) {
    throw new ConfigError(option, `follows no signal: give it one of ${ADAPTIVE_FIELDS.join(', ')}, or true`)
  }
  return {
    eventLoopDelayMs: target(`${option}.eventLoopDelay`, eventLoopDelay),
    commitLatencyMs: target(`${option}.commitLatency`, commitLatency),
  }
}

const target = (option: string, value: Duration | undefined): number =>
  value === undefined ? Number.POSITIVE_INFINITY : parseDuration(option, value, { min: 1 })

/**
 * Checks that what is limited is read. Topics that only patterns can be for are known when the application starts.
 *
 * @throws {ConfigError} naming the topics that can be limited
 */
export function requireLimitedTopics(
  limits: Readonly<Record<string, CompiledRateLimit>>,
  { subTopologies }: Topology,
): void {
  const sources = subTopologies.flatMap(sourcesOf)
  const topics = new Set(sources.flatMap((source) => source.topics))
  for (const topic of Object.keys(limits)) {
    if (
      topics.has(topic) ||
      sources.some(({ pattern }) => pattern !== undefined && matches(pattern, topic))
    ) {
      continue
    }
    throw new ConfigError(
      'rateLimits',
      `the topology does not read ${topic}, or only for a global store; it reads ${[...topics].join(', ')}`,
    )
  }
}
