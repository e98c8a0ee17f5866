/** A member of a consumer group in one generation: what fences its commits (KIP-447, KIP-345). */
export interface GroupMetadata {
  readonly groupId: string
  /** -1 outside of a generation: such commits are fenced by nothing. */
  readonly generationId: number
  /** Empty outside of a generation. */
  readonly memberId: string
  readonly groupInstanceId?: string | undefined
}
