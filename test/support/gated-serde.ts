import type { ByteWriter, Serde } from '../../src/index.js'
import { SchemaPendingError } from '../../src/serdes/schema-pending-error.js'
import type { SerdeUse } from '../../src/serdes/serde-use.js'

interface Gate {
  readonly ready: Promise<void>
  open(): void
}

function closedGate(): Gate {
  let open = (): void => {}
  const ready = new Promise<void>((resolve) => {
    open = resolve
  })
  return { ready, open }
}

/** Texts whose first character is their schema, which can be read once a test lets it come. */
export class GatedSerde implements Serde<string> {
  readonly name = 'gated'
  readonly uses: SerdeUse[] = []
  private readonly known: Set<string>
  private readonly gates = new Map<string, Gate>()

  /** @param known what can be read from the beginning */
  constructor(known: string) {
    this.known = new Set(known)
  }

  open(uses: readonly SerdeUse[]): void {
    this.uses.push(...uses)
  }

  /** What is waited for at present. */
  get awaited(): string {
    return [...this.gates.keys()].join('')
  }

  /** Lets a schema come. */
  letCome(schema: string): void {
    this.known.add(schema)
    this.gates.get(schema)?.open()
    this.gates.delete(schema)
  }

  serialize(value: string, target: ByteWriter): void {
    target.writeUtf8(value)
  }

  deserialize(source: Buffer, start: number, end: number): string {
    const text = source.toString('utf8', start, end)
    const schema = text.slice(0, 1)
    if (this.known.has(schema)) return text
    const gate = this.gates.get(schema) ?? closedGate()
    this.gates.set(schema, gate)
    throw new SchemaPendingError(`schema ${schema}`, gate.ready)
  }
}
