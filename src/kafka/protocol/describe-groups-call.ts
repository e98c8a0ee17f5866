import type { ApiCall } from '../transport/broker-transport.js'

/** A member of a consumer group, as its coordinator sees it. */
export interface GroupMemberDescription {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
}

export interface GroupDescription {
  readonly errorCode: number
  readonly group: string
  /** `Stable`, `Empty`, `Dead` (there is none) and others. */
  readonly state: string
  readonly members: readonly GroupMemberDescription[]
}

/** DescribeGroups v5. */
export const describeGroupsCall = (groups: readonly string[]): ApiCall<readonly GroupDescription[]> => ({
  apiKey: 15,
  apiName: 'DescribeGroups',
  apiVersion: 5,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray(groups, (group) => writer.writeCompactString(group))
    writer.writeBoolean(false)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    return reader.readCompactArray(() => {
      const errorCode = reader.readInt16()
      const group = reader.readCompactString() ?? ''
      const state = reader.readCompactString() ?? ''
      reader.readCompactString()
      reader.readCompactString()
      const members = reader.readCompactArray(() => {
        const memberId = reader.readCompactString() ?? ''
        const groupInstanceId = reader.readCompactString()
        const clientId = reader.readCompactString() ?? ''
        const host = reader.readCompactString() ?? ''
        reader.readCompactByteArray()
        reader.readCompactByteArray()
        reader.skipTaggedFields()
        return { memberId, groupInstanceId, clientId, host }
      })
      reader.readInt32()
      reader.skipTaggedFields()
      return { errorCode, group, state, members }
    })
  },
})
