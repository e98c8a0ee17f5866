import type { ProtobufField, ProtobufMessage, ProtobufSyntax } from '../syntax/protobuf-syntax.js'
import * as findings from './protobuf-findings.js'
import type { Finding, SchemaChange } from './schema-change.js'

/**
 * What has changed from one .proto file to another. Fields are known by their numbers and skipped where a reader does not
 * have them (https://protobuf.dev/programming-guides/proto3/#updating).
 */
export function protobufDiff(older: ProtobufSyntax, newer: ProtobufSyntax): SchemaChange[] {
  const diff = new ProtobufDiff(older, newer)
  diff.comparePackages()
  diff.compareMessages()
  diff.compareEnums()
  return diff.changes
}

class ProtobufDiff {
  readonly changes: SchemaChange[] = []

  constructor(
    private readonly older: ProtobufSyntax,
    private readonly newer: ProtobufSyntax,
  ) {}

  private tell(path: string, ...found: readonly Finding[]): void {
    for (const each of found) this.changes.push({ path, ...each })
  }

  comparePackages(): void {
    this.tell('', ...findings.changedPackage(this.older.package, this.newer.package))
  }

  compareMessages(): void {
    for (const [name, message] of this.newer.messages) {
      const was = this.older.messages.get(name)
      if (was === undefined) this.tell(name, findings.addedMessage(message, mayBeRecord(message, this.newer)))
      else this.compareMessage(was, message)
    }
    for (const [name, message] of this.older.messages) {
      if (!this.newer.messages.has(name))
        this.tell(name, findings.removedMessage(message, mayBeRecord(message, this.older)))
    }
  }

  compareEnums(): void {
    for (const [name, is] of this.newer.enums) {
      const was = this.older.enums.get(name)
      if (was === undefined) continue
      this.tell(name, ...findings.changedDoc(was.doc, is.doc))
      for (const [value, finding] of findings.changedEnum(was, is)) this.tell(`${name}.${value}`, finding)
    }
  }

  private compareMessage(older: ProtobufMessage, newer: ProtobufMessage): void {
    this.tell(newer.name, ...findings.changedDoc(older.doc, newer.doc))
    const renumbered = renumberedIn(older, newer)
    for (const is of newer.fields) {
      const path = `${newer.name}.${is.name}`
      const was = older.fields.find(({ number }) => number === is.number)
      const moved = renumbered.get(is)
      if (was !== undefined) this.compareField(was, is, older, newer)
      else if (moved !== undefined) this.tell(path, findings.renumberedField(moved, is))
      else this.tell(path, findings.addedField(is, older))
    }
    for (const was of older.fields) {
      const isThere = newer.fields.some(({ number }) => number === was.number)
      const isMoved = [...renumbered.values()].includes(was)
      if (!isThere && !isMoved) this.tell(`${newer.name}.${was.name}`, findings.removedField(was, newer))
    }
  }

  private compareField(
    was: ProtobufField,
    is: ProtobufField,
    older: ProtobufMessage,
    newer: ProtobufMessage,
  ): void {
    this.tell(
      `${newer.name}.${is.name}`,
      ...findings.renamedField(was, is),
      ...findings.changedType(was, is, () => this.compareAsFields(was, is)),
      ...findings.changedCardinality(was, is),
      ...findings.changedOneof(was, is, older, newer),
      ...findings.changedDoc(was.doc, is.doc),
    )
  }

  /** What it does that a field has become another message: as if that had been changed so. */
  private compareAsFields(was: ProtobufField, is: ProtobufField): { backward: boolean; forward: boolean } {
    const [older, newer] = [this.older.messages.get(was.type.name), this.newer.messages.get(is.type.name)]
    if (older === undefined || newer === undefined) return { backward: false, forward: false }
    const known = `${older.name} ${newer.name}`
    if (this.comparing.has(known)) return { backward: true, forward: true }
    this.comparing.add(known)
    const diff = new ProtobufDiff(this.older, this.newer)
    for (const each of this.comparing) diff.comparing.add(each)
    diff.compareMessage(older, newer)
    this.comparing.delete(known)
    return {
      backward: diff.changes.every(({ backward }) => backward),
      forward: diff.changes.every(({ forward }) => forward),
    }
  }

  private readonly comparing = new Set<string>()
}

/** Whether records may be of a message: it stands by itself, and no field has it as its type. */
const mayBeRecord = (message: ProtobufMessage, { messages }: ProtobufSyntax): boolean =>
  message.isOutermost &&
  ![...messages.values()].some(({ fields }) => fields.some(({ type }) => type.name === message.name))

/** The fields that have another number, with what they were. */
function renumberedIn(older: ProtobufMessage, newer: ProtobufMessage): Map<ProtobufField, ProtobufField> {
  const isFree = (field: ProtobufField, message: ProtobufMessage): boolean =>
    !message.fields.some(({ number }) => number === field.number)
  const pairs = newer.fields.flatMap((is): [ProtobufField, ProtobufField][] => {
    const was = older.fields.find(({ name }) => name === is.name)
    return was !== undefined && isFree(is, older) && isFree(was, newer) ? [[is, was]] : []
  })
  return new Map(pairs)
}
