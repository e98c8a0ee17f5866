import protobuf from 'protobufjs'
import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'
import { descriptorProto, textOfDescriptor } from './descriptor-text.js'

const NAME = 'the Protobuf schema'
/** What options are declared with; protobufjs has it, but does not load it by itself. */
const DESCRIPTOR = 'google/protobuf/descriptor.proto'
/** What Confluent's registry has for all: options that mean nothing to bytes, and a type for decimals. */
const CONFLUENT: Readonly<Record<string, string>> = {
  'confluent/meta.proto': 'syntax = "proto3"; package confluent;',
  'confluent/type/decimal.proto':
    'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
}

/**
 * Parses a schema with all that it imports, and resolves the names in it. Returns the messages that the file declares
 * itself, outside of others, in its order.
 *
 * @throws {InvalidSchemaError}
 */
export function parseProto({ schema, referenced }: ResolvedSchema): readonly protobuf.Type[] {
  try {
    const root = new protobuf.Root()
    const files = new Map(referenced.map(({ name, schema: text }) => [name, text]))
    const imports = [...files.values()].flatMap((text) => parse(root, text).imports)
    const others = new Set(messagesOf(root))
    const main = parse(root, schema)
    const messages = messagesOf(root).filter((type) => !others.has(type))
    const known = new Set(files.keys())
    for (const path of [...imports, ...main.imports]) importKnown(root, path, known)
    root.resolveAll()
    return messages
  } catch (error) {
    throw error instanceof InvalidSchemaError
      ? error
      : new InvalidSchemaError(NAME, (error as Error).message, { cause: error })
  }
}

function parse(root: protobuf.Root, text: string): { readonly imports: readonly string[] } {
  const { imports = [] } = protobuf.parse(textOfDescriptor(text), root, {
    keepCase: true,
    alternateCommentMode: true,
  })
  return { imports }
}

/** Messages outside of others. */
function messagesOf(scope: protobuf.NamespaceBase): readonly protobuf.Type[] {
  return scope.nestedArray.flatMap((object) => {
    if (object instanceof protobuf.Type) return [object]
    return object instanceof protobuf.Namespace && !(object instanceof protobuf.Service)
      ? messagesOf(object)
      : []
  })
}

/** Imports a file that everybody has. */
function importKnown(root: protobuf.Root, path: string, known: Set<string>): void {
  if (known.has(path)) return
  known.add(path)
  const text = CONFLUENT[path]
  if (text !== undefined) {
    parse(root, text)
    return
  }
  const declared = protobuf.common.get(path) ?? (path === DESCRIPTOR ? descriptorProto() : undefined)
  if (declared?.nested === undefined) {
    throw new InvalidSchemaError(NAME, `it imports ${path}, which is not among its references`)
  }
  root.addJSON(declared.nested)
}
