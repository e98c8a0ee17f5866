import type { ByteWriter } from './byte-writer.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'
import { utf8Text } from './utf8-text.js'

class StringSerde implements Serde<string> {
  readonly name = 'string'

  serialize(value: string, target: ByteWriter): void {
    if (typeof value !== 'string') throw new SerdeError(this.name, `${shown(value)} is no string`)
    target.writeUtf8(value)
  }

  deserialize(source: Buffer, start: number, end: number): string {
    return utf8Text(source, start, end)
  }

  /** UTF-8 has no lone surrogates: they are written as U+FFFD, so they are the same key. */
  readonly identity = (value: string): string => (value.isWellFormed() ? value : value.toWellFormed())
}

const instance = new StringSerde()

/** UTF-8 text, as Kafka's `StringSerializer`. A lone surrogate becomes U+FFFD. */
export const string = (): Serde<string> => instance
