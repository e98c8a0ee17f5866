import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import type { ApiCall } from '../../src/kafka/transport/broker-transport.js'

const ITERATIONS = 4096
const HASHES = {
  'scram-sha-256': { code: 1, name: 'sha256', bytes: 32 },
  'scram-sha-512': { code: 2, name: 'sha512', bytes: 64 },
} as const

/** AlterUserScramCredentials v0 (KIP-554): gives a user a password. */
export const scramUserCall = (
  mechanism: keyof typeof HASHES,
  { username, password }: { readonly username: string; readonly password: string },
): ApiCall<void> => ({
  apiKey: 51,
  apiName: 'AlterUserScramCredentials',
  apiVersion: 0,
  flexible: true,
  encode(writer) {
    const { code, name, bytes } = HASHES[mechanism]
    const salt = randomBytes(16)
    writer.writeCompactArray([], () => {})
    writer.writeCompactArray([username], (user) => {
      writer.writeCompactString(user)
      writer.writeInt8(code)
      writer.writeInt32(ITERATIONS)
      writer.writeCompactByteArray(salt)
      writer.writeCompactByteArray(pbkdf2Sync(password, salt, ITERATIONS, bytes, name))
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    reader.readCompactArray(() => {
      const user = reader.readCompactString() ?? ''
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      reader.skipTaggedFields()
      if (errorCode !== 0) {
        throw new KafkaProtocolError(errorCode, 'AlterUserScramCredentials', { user }, detail)
      }
    })
  },
})
