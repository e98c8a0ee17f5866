/**
 * The topologies of vectors that wait for their operators, by what their names begin with. Vectors on them are left
 * out of `npm test`; `npm run vectors` leaves nothing out.
 */
export const NOT_IMPLEMENTED: readonly string[] = [
  // Joins of streams with streams.
  'headers_joins',
  'rand_ssjoin',
  'ssjoin_',
  'ts_results_are_max_of_inputs',
]
