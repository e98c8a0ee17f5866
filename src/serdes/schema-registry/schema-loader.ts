import type { SchemaLoads } from '../schema-loads.js'
import { SchemaPendingError } from '../schema-pending-error.js'
import type { SerdeOpener } from '../serde-use.js'
import { type MaybePromise, type Steps, settle, step } from '../settle.js'
import { isVerdict, SchemaNotFoundError } from './registry-errors.js'
import { resolveSchema } from './resolve-schema.js'
import type { SchemaRegistry } from './schema-registry.js'
import type { ResolvedSchema, SchemaId, SchemaReference, SchemaText } from './schema-text.js'

/** Time, as the loader needs it. */
export interface LoaderClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Calls back later, and does not keep the process alive for it. */
  after(ms: number, action: () => void): void
  /** From 0 to less than 1. */
  random(): number
}

const SYSTEM_CLOCK: LoaderClock = {
  now: () => performance.now(),
  after: (ms, action) => void setTimeout(action, ms).unref(),
  random: Math.random,
}

export interface SchemaLoaderOptions {
  /** How long it is remembered that there is no schema with an id, in milliseconds; default 30,000. */
  readonly forgetAfterMs?: number
  readonly clock?: LoaderClock
}

const FORGET_AFTER_MS = 30_000
/** Ids that stand in records are anybody's. */
const MAX_REMEMBERED = 1_000
const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 10_000

interface Verdict {
  readonly error: unknown
  readonly forgetAt: number
}

interface Pending {
  readonly error: SchemaPendingError
  readonly end: () => void
}

const loaders = new WeakMap<SchemaRegistry, SchemaLoader>()

/** The loader that all who use a registry share, so that each schema is fetched once. */
export const loaderOf = (registry: SchemaRegistry): SchemaLoader => {
  const loader = loaders.get(registry) ?? new SchemaLoader(registry)
  loaders.set(registry, loader)
  return loader
}

/** Schemas by their ids: at once where they are known, else they are fetched meanwhile. */
export class SchemaLoader {
  private readonly known = new Map<SchemaId, ResolvedSchema>()
  private readonly verdicts = new Map<SchemaId, Verdict>()
  private readonly pending = new Map<SchemaId, Pending>()
  /** Versions that others refer to; a version never changes. */
  private readonly versions = new Map<string, SchemaText>()
  private readonly listeners = new Set<SerdeOpener>()
  private readonly counts = { misses: 0, fetched: 0, notFound: 0, failures: 0 }
  private outageSince: number | undefined
  private readonly clock: LoaderClock
  private readonly forgetAfterMs: number

  constructor(
    private readonly registry: SchemaRegistry,
    { forgetAfterMs = FORGET_AFTER_MS, clock = SYSTEM_CLOCK }: SchemaLoaderOptions = {},
  ) {
    this.forgetAfterMs = forgetAfterMs
    this.clock = clock
  }

  /** Warns somebody, until the signal is aborted, when the registry stops to answer: once an outage. */
  listen(listener: SerdeOpener): void {
    if (listener.warn === undefined || this.listeners.has(listener)) return
    this.listeners.add(listener)
    listener.signal?.addEventListener('abort', () => this.listeners.delete(listener), { once: true })
  }

  /** What it has met, for metrics. */
  readonly loads = (): SchemaLoads => {
    const { outageSince } = this
    return {
      registry: this.registry.name,
      ...this.counts,
      outageMs: outageSince === undefined ? undefined : this.clock.now() - outageSince,
      pending: this.pending.size,
    }
  }

  /**
   * The schema with an id, if it is there.
   *
   * @throws {SchemaPendingError} while it is being fetched, which goes on until the registry answers
   * @throws {SchemaNotFoundError} if there is none
   * @throws {InvalidSchemaError} if there is one that cannot be used
   */
  get(id: SchemaId): ResolvedSchema {
    return this.known.get(id) ?? this.miss(id)
  }

  /** Takes note of a schema that somebody knows already. */
  know(id: SchemaId, schema: ResolvedSchema): void {
    this.known.set(id, schema)
  }

  /**
   * The schema with an id, as soon as the registry answers, however long that takes.
   *
   * @throws {SchemaNotFoundError} if there is none
   * @throws {InvalidSchemaError} if there is one that cannot be used
   */
  *load(id: SchemaId): Steps<ResolvedSchema> {
    for (;;) {
      try {
        return this.get(id)
      } catch (error) {
        if (!(error instanceof SchemaPendingError)) throw error
        yield* step(error.ready)
      }
    }
  }

  /**
   * A schema with all that it refers to. The registry is asked once.
   *
   * @throws {SchemaNotFoundError} if the registry does not have what it refers to
   * @throws {InvalidSchemaError} if the references cannot be followed
   * @throws what the registry throws
   */
  resolve(text: SchemaText): Steps<ResolvedSchema> {
    return resolveSchema(text, (reference) => this.referenced(reference))
  }

  private referenced(reference: SchemaReference): MaybePromise<SchemaText> {
    const { subject, version } = reference
    return this.versions.get(`${version} ${subject}`) ?? settle(this.fetchVersion(subject, version))
  }

  private *fetchVersion(subject: string, version: number): Steps<SchemaText> {
    const found = yield* step(this.registry.version(subject, version))
    if (found === undefined) {
      throw new SchemaNotFoundError(this.registry.name, `version ${version} of subject ${subject}`)
    }
    this.versions.set(`${version} ${subject}`, found)
    return found
  }

  private miss(id: SchemaId): ResolvedSchema {
    this.counts.misses++
    const pending = this.pending.get(id)
    if (pending !== undefined) throw pending.error
    const verdict = this.verdicts.get(id)
    if (verdict !== undefined && this.clock.now() < verdict.forgetAt) throw verdict.error
    const fetching = this.attempt(id)
    if (!(fetching instanceof Promise)) return fetching
    throw this.wait(id, fetching)
  }

  /** Asks once: what is known or decided afterwards is so at once, else it comes with the promise. */
  private attempt(id: SchemaId): ResolvedSchema | Promise<ResolvedSchema> {
    let fetching: MaybePromise<ResolvedSchema>
    try {
      fetching = settle(this.fetch(id))
    } catch (error) {
      if (isVerdict(error)) throw this.decide(id, error)
      return Promise.reject(error)
    }
    return 'then' in fetching ? Promise.resolve(fetching) : this.learn(id, fetching)
  }

  private *fetch(id: SchemaId): Steps<ResolvedSchema> {
    const text = yield* step(this.registry.schema(id))
    return yield* this.resolve(text)
  }

  private wait(id: SchemaId, fetching: Promise<ResolvedSchema>): SchemaPendingError {
    let end = (): void => {}
    const ready = new Promise<void>((resolve) => {
      end = resolve
    })
    const error = new SchemaPendingError(`schema ${id} of ${this.registry.name}`, ready)
    this.pending.set(id, { error, end })
    this.follow(id, fetching, FIRST_DELAY_MS)
    return error
  }

  private follow(id: SchemaId, fetching: Promise<ResolvedSchema>, delayMs: number): void {
    fetching.then(
      (schema) => {
        this.learn(id, schema)
        this.endWait(id)
      },
      (error: unknown) => {
        if (isVerdict(error)) {
          this.decide(id, error)
          this.endWait(id)
        } else this.retry(id, error, delayMs)
      },
    )
  }

  private retry(id: SchemaId, error: unknown, delayMs: number): void {
    this.failed(error)
    // Somewhere in the second half, so that not all who wait ask at the same moment.
    const jittered = delayMs * (0.5 + this.clock.random() / 2)
    this.clock.after(jittered, () => {
      this.follow(id, this.attemptLater(id), Math.min(2 * delayMs, MAX_DELAY_MS))
    })
  }

  private async attemptLater(id: SchemaId): Promise<ResolvedSchema> {
    return settle(this.fetch(id))
  }

  private endWait(id: SchemaId): void {
    const pending = this.pending.get(id)
    this.pending.delete(id)
    pending?.end()
  }

  private learn(id: SchemaId, schema: ResolvedSchema): ResolvedSchema {
    this.counts.fetched++
    this.verdicts.delete(id)
    this.known.set(id, schema)
    this.answered()
    return schema
  }

  private decide(id: SchemaId, error: unknown): unknown {
    this.counts.notFound++
    this.verdicts.delete(id)
    this.verdicts.set(id, { error, forgetAt: this.clock.now() + this.forgetAfterMs })
    if (this.verdicts.size > MAX_REMEMBERED) this.verdicts.delete(this.verdicts.keys().next().value!)
    this.answered()
    return error
  }

  private failed(error: unknown): void {
    this.counts.failures++
    if (this.outageSince !== undefined) return
    this.outageSince = this.clock.now()
    for (const listener of this.listeners) listener.warn?.(error)
  }

  private answered(): void {
    if (this.outageSince === undefined) return
    this.outageSince = undefined
  }
}
