import type { ApiCall } from '../transport/broker-transport.js'
import type { NamedOutcome } from './create-topics-call.js'

/** DeleteGroups v2: consumer groups with their committed offsets; they must have no members. */
export const deleteGroupsCall = (groups: readonly string[]): ApiCall<readonly NamedOutcome[]> => ({
  apiKey: 42,
  apiName: 'DeleteGroups',
  apiVersion: 2,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray(groups, (group) => writer.writeCompactString(group))
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    return reader.readCompactArray(() => {
      const name = reader.readCompactString() ?? ''
      const errorCode = reader.readInt16()
      reader.skipTaggedFields()
      return { name, errorCode, detail: null }
    })
  },
})
