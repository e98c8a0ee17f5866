/**
 * The topologies of vectors that wait for their operators, by what their names begin with. Vectors on them are left
 * out of `npm test`; `npm run vectors` leaves nothing out.
 */
export const NOT_IMPLEMENTED: readonly string[] = [
  // Joins, global and versioned tables.
  'fkjoin_',
  'globaljoin_',
  'headers_fkjoin',
  'headers_joins',
  'papi_versioned_store',
  'rand_fkjoin',
  'rand_ttjoin',
  'rand_versioned',
  'stjoin_',
  'ts_results_are_max_of_inputs',
  'ttjoin_',
  'versioned_',
]
