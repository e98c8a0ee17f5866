/**
 * - `preparing`: beforeJoin is awaited. `joining`, `syncing`: the request is with the coordinator.
 * - `assigning`: this member leads and computes the assignment.
 * - `stable`: the generation is complete (revoked and assigned are awaited in it).
 * - `stuck`: left for want of progress. `failed`, `closed`: for good.
 */
export type GroupMemberState =
  | 'new'
  | 'preparing'
  | 'joining'
  | 'assigning'
  | 'syncing'
  | 'stable'
  | 'stuck'
  | 'failed'
  | 'closed'
