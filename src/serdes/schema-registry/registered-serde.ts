import type { ByteWriter } from '../byte-writer.js'
import type { SchemaLoads } from '../schema-loads.js'
import type { Serde } from '../serde.js'
import { SerdeError } from '../serde-error.js'
import { type SerdeOpener, type SerdeUse, sameUse } from '../serde-use.js'
import { type MaybePromise, type Steps, settle, step, unlessAborted } from '../settle.js'
import { untilAvailable } from './availability.js'
import { registerSchema } from './register-schema.js'
import {
  InvalidSchemaError,
  isRegistryProblem,
  isVerdict,
  NotRegisteredError,
  SchemaResolutionError,
  SubjectError,
} from './registry-errors.js'
import type { SchemaFormat, SchemaReader, SchemaWriter } from './schema-format.js'
import { loaderOf, type SchemaLoader } from './schema-loader.js'
import type { SchemaRegistry } from './schema-registry.js'
import type { ResolvedSchema, SchemaId, SchemaText, SchemaType } from './schema-text.js'
import { checkOptions } from './serde-options.js'
import { subjectOf } from './subject-names.js'
import type { SubjectStrategy } from './subject-strategy.js'
import type { WireFormat } from './wire-format.js'

/** Where the schema of a serde is registered, and by whom. */
export interface RegisteredSerdeOptions {
  readonly registry: SchemaRegistry
  /** How its subjects are named. Default: `topic-name`. */
  readonly subject?: SubjectStrategy
  /**
   * Who registers the schema:
   *
   * - `never`, the default: somebody else does (`millrace schema register`); the application does not start before.
   * - `at-start`: the application, when it starts, where its subjects do not have it yet.
   */
  readonly register?: 'never' | 'at-start'
}

/** A subject and the schema that a serde has for it. */
export interface UsedSubject {
  readonly subject: string
  /** Undefined: the latest one that is there. */
  readonly schema: SchemaText | undefined
  readonly use: SerdeUse
}

/** What a serde has become by being opened. */
interface Opened<T> {
  /** What values are read as; undefined: as they were written, for nothing is registered yet. */
  readonly schema: ResolvedSchema | undefined
  /** Undefined: it only reads. */
  readonly writing: Writing<T> | undefined
}

interface Writing<T> {
  readonly writer: SchemaWriter<T>
  readonly header: Uint8Array
}

/** A serde whose schema is registered: bytes begin with the id of the schema that they were written with. */
export class RegisteredSerde<T> implements Serde<T> {
  readonly name: string
  readonly loads: () => SchemaLoads
  private readonly wireFormat: WireFormat
  private readonly loader: SchemaLoader
  private readonly readers = new Map<SchemaId, SchemaReader<T>>()
  private opened: Opened<T> | undefined
  private uses: readonly SerdeUse[] = []
  /** Records mostly have the schema of the one before. */
  private lastId: SchemaId | undefined
  private lastReader: SchemaReader<T> | undefined

  constructor(
    private readonly format: SchemaFormat<T>,
    private readonly options: RegisteredSerdeOptions,
  ) {
    checkOptions(format.name, options)
    this.name = format.name
    this.wireFormat = options.registry.wireFormat
    this.loader = loaderOf(options.registry)
    this.loads = this.loader.loads
  }

  serialize(value: T, target: ByteWriter): void {
    const writing = this.opened?.writing
    if (writing === undefined) throw this.notOpened('written')
    target.writeBytes(writing.header)
    writing.writer.write(value, target)
  }

  deserialize(source: Buffer, start: number, end: number): T {
    const { wireFormat } = this
    const id = wireFormat.idAt(source, start, end)
    const reader = id === this.lastId ? this.lastReader! : this.readerOf(id)
    const unpacked = wireFormat.unpack?.(source, start, end)
    if (unpacked !== undefined) return reader.read(unpacked, 0, unpacked.length)
    return reader.read(source, start + wireFormat.headerLength, end)
  }

  private readerOf(id: SchemaId): SchemaReader<T> {
    const reader = this.readers.get(id) ?? this.newReader(id)
    this.lastId = id
    this.lastReader = reader
    return reader
  }

  /** @throws {SchemaPendingError} while the schema is being fetched */
  private newReader(id: SchemaId): SchemaReader<T> {
    if (this.opened === undefined) throw this.notOpened('read')
    const writer = this.loader.get(id)
    const label = `schema ${id} of ${this.options.registry.name}`
    const reader = readerOrFailing(label, () => this.format.reader(writer, this.opened?.schema ?? writer))
    this.readers.set(id, reader)
    return reader
  }

  private notOpened(done: 'read' | 'written'): SerdeError {
    return new SerdeError(
      this.name,
      `nothing can be ${done} before its schema is looked up in the registry, which the application does for the serdes ` +
        'of its topology when it starts',
    )
  }

  /**
   * Looks up, or registers, the schema under the subjects of all uses, and loads what rows of stores were written with.
   *
   * @throws {NotRegisteredError} if a subject does not have the schema, and the serde does not register it
   * @throws {IncompatibleSchemaError} if a subject does not take it
   * @throws {SubjectError} if a subject has no name, or gives the schema another id than the others
   * @throws {RegistryUnavailableError} if the registry has not answered for a minute
   */
  open(uses: readonly SerdeUse[], opener: SerdeOpener = {}): MaybePromise<void> {
    this.loader.listen(opener)
    const added = uses.filter((use) => !this.uses.some((known) => sameUse(known, use)))
    if (added.length === 0) {
      const loading = settle(this.loadNewRows(uses))
      return loading === undefined ? undefined : unlessAborted(loading, opener.signal)
    }
    const all = [...this.uses, ...added]
    const open = () => settle(this.openFor(all))
    return untilAvailable(this.options.registry.name, open, opener)
  }

  /** The subjects of its uses, whether it needs them to be there or only reads what they have. */
  *subjects(uses: readonly SerdeUse[]): Steps<readonly UsedSubject[]> {
    const text = yield* this.schemaFor(uses)
    const recordName =
      text === undefined ? undefined : this.format.recordName(yield* this.loader.resolve(text))
    return uses.map((use) => ({ use, subject: this.subjectOf(use, recordName), schema: text }))
  }

  private *openFor(uses: readonly SerdeUse[]): Steps<void> {
    const text = yield* this.schemaFor(uses)
    const schema = text === undefined ? undefined : yield* this.loader.resolve(text)
    const writing = yield* this.writingFor(uses, text, schema)
    this.opened = { schema, writing }
    this.uses = uses
    this.readers.clear()
    this.lastId = undefined
    yield* this.loadRows(uses)
  }

  /** The schema of the code, or the latest of the first subject that has one. */
  private *schemaFor(uses: readonly SerdeUse[]): Steps<SchemaText | undefined> {
    if (this.format.schema !== undefined) return this.format.schema
    for (const access of ['write', 'read', 'state'] as const) {
      for (const use of uses.filter((each) => each.access === access)) {
        const subject = this.subjectOf(use, undefined)
        const latest = yield* step(this.options.registry.version(subject, 'latest'))
        if (latest === undefined) continue
        if (latest.type !== this.format.type) throw this.otherLanguage(subject, latest.type)
        return { type: latest.type, schema: latest.schema, references: latest.references ?? [] }
      }
    }
    return undefined
  }

  private otherLanguage(subject: string, type: SchemaType): SubjectError {
    const { registry } = this.options
    return new SubjectError(
      `${registry.name} has a schema of type ${type} as the latest of subject ${subject}, and serde ${this.name} is for ` +
        `${this.format.type}: use the serde for that type, or another subject`,
    )
  }

  private subjectOf(use: SerdeUse, recordName: string | undefined): string {
    return subjectOf(this.options.subject ?? 'topic-name', use, recordName)
  }

  private *writingFor(
    uses: readonly SerdeUse[],
    text: SchemaText | undefined,
    schema: ResolvedSchema | undefined,
  ): Steps<Writing<T> | undefined> {
    const ids = new Map<SchemaId, string>()
    for (const use of uses) {
      if (use.access === 'read') continue
      const subject = this.subjectOf(use, schema && this.format.recordName(schema))
      if (text === undefined) throw new NotRegisteredError(this.options.registry.name, subject)
      ids.set(yield* this.idUnder(subject, text), subject)
    }
    const [id, ...others] = ids.keys()
    if (id === undefined || schema === undefined) return undefined
    if (others.length > 0) throw differentIds(this.name, ids)
    this.loader.know(id, schema)
    return { writer: this.format.writer(schema), header: this.wireFormat.header(id) }
  }

  private *idUnder(subject: string, text: SchemaText): Steps<SchemaId> {
    const { registry, register } = this.options
    const known = yield* step(registry.lookup(subject, text))
    if (known !== undefined) return known
    if (register !== 'at-start') throw new NotRegisteredError(registry.name, subject)
    return yield* registerSchema(registry, this.loader, subject, text)
  }

  /**
   * Loads all that rows may have been written with, so that it is not met in the middle of a record. What is no schema, or
   * is one no longer, may be met in none.
   */
  private *loadRows(uses: readonly SerdeUse[]): Steps<void> {
    const schema = this.opened?.schema
    const recordName = schema && this.format.recordName(schema)
    for (const use of uses) {
      if (use.access !== 'state') continue
      const versions = yield* step(this.options.registry.versions(this.subjectOf(use, recordName)))
      for (const { id } of versions) {
        try {
          yield* this.loader.load(id)
        } catch (error) {
          if (!isVerdict(error)) throw error
        }
      }
    }
  }

  /** What others may have registered since. */
  private *loadNewRows(uses: readonly SerdeUse[]): Steps<void> {
    try {
      yield* this.loadRows(uses)
    } catch (error) {
      // Where the registry cannot tell at the moment, a schema is fetched when it is met.
      if (!isRegistryProblem(error)) throw error
    }
  }
}

/** A reader that cannot be made fails each time it is used, without being made again. */
function readerOrFailing<T>(writer: string, make: () => SchemaReader<T>): SchemaReader<T> {
  try {
    return make()
  } catch (cause) {
    const error = withWriter(writer, cause)
    return {
      read: () => {
        throw error
      },
    }
  }
}

/** Says which schema it is that cannot be read. */
function withWriter(writer: string, error: unknown): unknown {
  if (error instanceof SchemaResolutionError)
    return new SchemaResolutionError(`${writer}: ${error.message}`, { cause: error })
  if (error instanceof InvalidSchemaError)
    return new InvalidSchemaError(writer, error.message, { cause: error })
  return error
}

function differentIds(serde: string, subjects: ReadonlyMap<SchemaId, string>): SubjectError {
  const all = [...subjects].map(([id, subject]) => `${subject} (schema ${id})`).join(', ')
  return new SubjectError(
    `the schema of serde ${serde} has another id under each of its subjects: ${all}; make a serde for each of them`,
  )
}

/** A serde of a language of schemas. */
export const registered = <T>(format: SchemaFormat<T>, options: RegisteredSerdeOptions): RegisteredSerde<T> =>
  new RegisteredSerde(format, options)
