/**
 * The topologies of vectors that wait for their operators, by what their names begin with. Vectors on them are left
 * out of `npm test`; `npm run vectors` leaves nothing out.
 */
export const NOT_IMPLEMENTED: readonly string[] = []
