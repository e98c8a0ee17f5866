import type { Compatibility } from '../compatibility.js'
import { IncompatibleSchemaError, InvalidSchemaError, SchemaNotFoundError } from '../registry-errors.js'
import type { CompatibilityAnswer, SchemaRegistry } from '../schema-registry.js'
import type { SchemaId, SchemaText, SchemaVersion } from '../schema-text.js'
import { confluentWireFormat } from '../wire-formats.js'
import {
  compatibilityAnswerIn,
  compatibilityIn,
  idIn,
  plainMessage,
  schemaTextIn,
  schemaVersionIn,
  versionNumbersIn,
} from './answers.js'
import { RegistryHttp, type Reply, unexpected } from './registry-http.js'
import { type ConfluentSchemaRegistryOptions, completeOptions } from './registry-options.js'
import { requests } from './registry-requests.js'

/**
 * A schema registry with the API of Confluent's: Confluent Platform and Cloud, Apicurio Registry (`/apis/ccompat/v7`),
 * Karapace, Redpanda. Nothing is asked before the first use.
 *
 * A schema has one id, however many subjects it is a version of: the id stands for its text, type and references. To
 * Apicurio another layout of the same JSON is another text.
 *
 * @throws {InvalidRegistryOptionError}
 */
export const confluentSchemaRegistry = (options: ConfluentSchemaRegistryOptions): SchemaRegistry =>
  new ConfluentSchemaRegistry(options)

const SUBJECT_NOT_FOUND = 40401
const VERSION_NOT_FOUND = 40402
const SCHEMA_NOT_FOUND = 40403
/** The subject has no compatibility of its own. */
const COMPATIBILITY_NOT_FOUND = 40408
const INVALID_SCHEMA = 42201

const CONFLICT = 409
const UNPROCESSABLE = 422

const TRANSITIVE = /_TRANSITIVE$/

const notFound =
  (...codes: readonly number[]) =>
  (reply: Reply): boolean =>
    reply.refused && codes.includes(reply.code)

const isNoSchema = notFound(SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, SCHEMA_NOT_FOUND)
const isNoRule = notFound(SUBJECT_NOT_FOUND, COMPATIBILITY_NOT_FOUND)

/** Servers that know Avro only take neither a type nor references. */
const bodyOf = ({ type, schema, references = [] }: SchemaText): object => ({
  schema,
  ...(type !== 'AVRO' && { schemaType: type }),
  ...(references.length > 0 && { references }),
})

/** 422 is for subjects that are read-only, too, with a code of its own. */
const isInvalid = (reply: Reply): boolean =>
  reply.refused && reply.status === UNPROCESSABLE && [INVALID_SCHEMA, UNPROCESSABLE].includes(reply.code)

class ConfluentSchemaRegistry implements SchemaRegistry {
  readonly wireFormat = confluentWireFormat
  private readonly http: RegistryHttp
  private readonly isApicurio: boolean

  constructor(options: ConfluentSchemaRegistryOptions) {
    const config = completeOptions(options)
    this.http = new RegistryHttp(config)
    this.isApicurio = config.urls.some((url) => url.includes('/ccompat/'))
  }

  get name(): string {
    return this.http.name
  }

  async schema(id: SchemaId): Promise<SchemaText> {
    const shown = `schema ${id}`
    // An id of another registry's kind.
    if (typeof id !== 'number') throw new SchemaNotFoundError(this.name, shown)
    const reply = await this.http.ask(requests.schema(id))
    if (isNoSchema(reply)) throw new SchemaNotFoundError(this.name, shown)
    return schemaTextIn(reply, shown)
  }

  async version(subject: string, version: number | 'latest'): Promise<SchemaVersion | undefined> {
    const reply = await this.http.ask(requests.version(subject, version))
    return isNoSchema(reply) ? undefined : schemaVersionIn(reply, subject)
  }

  async versions(subject: string): Promise<readonly SchemaVersion[]> {
    const reply = await this.http.ask(requests.versions(subject))
    if (isNoSchema(reply)) return []
    const versions: SchemaVersion[] = []
    for (const number of versionNumbersIn(reply)) {
      const version = await this.version(subject, number)
      // One may have been deleted meanwhile.
      if (version !== undefined) versions.push(version)
    }
    return versions
  }

  async lookup(subject: string, schema: SchemaText): Promise<SchemaId | undefined> {
    const reply = await this.http.ask(requests.lookup(subject, bodyOf(schema)))
    if (isNoSchema(reply)) return undefined
    if (isInvalid(reply)) throw invalidSchema(subject, reply)
    return idIn(reply)
  }

  async register(subject: string, schema: SchemaText): Promise<SchemaId> {
    const reply = await this.http.ask(requests.register(subject, bodyOf(schema)))
    if (isInvalid(reply)) throw invalidSchema(subject, reply)
    if (reply.refused && reply.status === CONFLICT) {
      throw new IncompatibleSchemaError(subject, [plainMessage(reply.message)])
    }
    return idIn(reply)
  }

  async compatibility(subject: string): Promise<Compatibility> {
    const reply = await this.http.ask(requests.compatibility(subject))
    if (isNoRule(reply)) return this.compatibilityOfAll()
    const own = compatibilityIn(reply)
    // To Apicurio NONE is to have no rule of one's own: the one for all subjects holds.
    return own === 'NONE' && this.isApicurio ? this.compatibilityOfAll() : own
  }

  private async compatibilityOfAll(): Promise<Compatibility> {
    return compatibilityIn(await this.http.ask(requests.compatibilityOfAll()))
  }

  async setCompatibility(subject: string, compatibility: Compatibility): Promise<void> {
    const reply = await this.http.ask(requests.setCompatibility(subject, compatibility))
    if (compatibilityIn(reply) !== compatibility) throw unexpected(reply)
  }

  async check(subject: string, schema: SchemaText): Promise<CompatibilityAnswer> {
    // Confluent looks at as many versions as the rule asks for; Apicurio at those that it is asked about.
    const transitive = TRANSITIVE.test(await this.compatibility(subject))
    const request = transitive ? requests.checkAll : requests.checkLatest
    const reply = await this.http.ask(request(subject, bodyOf(schema)))
    if (isNoSchema(reply)) return { compatible: true, messages: [] }
    if (isInvalid(reply)) throw invalidSchema(subject, reply)
    return compatibilityAnswerIn(reply)
  }
}

const invalidSchema = (subject: string, reply: Reply): InvalidSchemaError =>
  new InvalidSchemaError(
    `the schema for subject ${subject}`,
    reply.refused ? plainMessage(reply.message) : '',
  )
