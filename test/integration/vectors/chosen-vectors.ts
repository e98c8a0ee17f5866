/** Vectors of an area that are run on the broker, and why these. */
interface ChosenVectors {
  readonly reason: string
  readonly vectors: readonly string[]
}

/**
 * About a third of the vectors, those in which something can go wrong on a broker that cannot in a test driver: state
 * that is restored from a changelog, time that is committed with offsets, tasks of their own behind a repartition topic,
 * record batches with null keys, tombstones and headers.
 */
export const CHOSEN: Readonly<Record<string, ChosenVectors>> = {
  aggregation: {
    reason: 'tombstones in a changelog, two repartition topics in a row, two inputs of one task',
    vectors: [
      'agg_aggregate_null_result',
      'agg_count_groupby',
      'agg_count_tostream_selectkey_count',
      'agg_merge_two_topics_count',
      'agg_reduce_null_result',
    ],
  },
  cogroup: {
    reason: 'several operators on one store, each with an event time of its own',
    vectors: ['cogroup_session', 'cogroup_sliding', 'cogroup_tumbling', 'cogroup_two_streams'],
  },
  errors: {
    reason: 'a record that is skipped is committed; one that fails is not, nor is what it did',
    vectors: ['deser_log_and_continue', 'deser_log_and_fail', 'processing_fail', 'processing_log_and_continue_partial'],
  },
  'emit-final': {
    reason: 'what was emitted and what is open is committed; rows are kept beyond their retention',
    vectors: [
      'emitfinal_default_interval',
      'emitfinal_hopping_default_retention',
      'emitfinal_out_of_order_gap',
      'emitfinal_session',
      'emitfinal_session_default_retention',
      'emitfinal_sliding',
      'emitfinal_tumbling',
      'emitfinal_tumbling_default_retention_loss',
      'emitfinal_tumbling_nograce_default_retention',
    ],
  },
  fkjoin: {
    reason: 'subscriptions and answers through two topics, records without key among them, and what has subscribed',
    vectors: ['fkjoin_groupby_downstream', 'fkjoin_left'],
  },
  headers: {
    reason: 'headers through repartition topics and those of a foreign-key join, and in the buffer of suppress',
    vectors: ['headers_fkjoin', 'headers_repartition_count', 'headers_stateless', 'headers_suppress_and_emitfinal'],
  },
  hopping: {
    reason: 'late for some windows and not for others, by a time that was committed',
    vectors: ['hopping_partially_late', 'hopping_size_not_aligned_retention'],
  },
  ktable: {
    reason: 'tables read from their topics, with and without a store, and old values after a restore',
    vectors: [
      'ktable_filter_materialized',
      'ktable_filter_unmaterialized_source',
      'ktable_source',
      'ktable_totable_after_selectkey',
      'ktable_transformvalues',
    ],
  },
  'ktable-groupby': {
    reason: 'changes with old and new values through a repartition topic',
    vectors: ['ktable_filter_then_groupby', 'ktable_groupby_aggregate', 'ktable_groupby_count_reduce', 'ktable_groupby_order_trace'],
  },
  papi: {
    reason: 'stores of processors after a restore, and schedules on stream time',
    vectors: [
      'papi_kv_store_range',
      'papi_punctuator_store_emit_and_cancel',
      'papi_shared_store_two_streams',
      'papi_timestamped_kv_store',
      'papi_versioned_store',
      'papi_window_store',
      'papi_window_store_duplicates',
    ],
  },
  random: {
    reason: 'long scripts, some hundred steps, of the windows and joins whose restore is hardest',
    vectors: ['rand_session_emitfinal', 'rand_sliding_emitfinal', 'rand_ssjoin_outer_asymmetric', 'rand_ttjoin_outer'],
  },
  repartition: {
    reason: 'null keys on their way through internal topics',
    vectors: ['repartition_null_key_then_count', 'repartition_to_and_back'],
  },
  session: {
    reason: 'sessions that merge across the restart, and ones that expired before it',
    vectors: ['session_expired_merge', 'session_grace', 'session_late_drop_grace0', 'session_merge_bridge', 'session_nulls'],
  },
  sliding: {
    reason: 'windows made of what is left and right of a record, which is read back after the restart',
    vectors: [
      'sliding_early_records',
      'sliding_expired_previous_window',
      'sliding_grace_partial',
      'sliding_out_of_order_right_window',
      'sliding_zero_time_difference',
    ],
  },
  ssjoin: {
    reason: 'what has met none, and since when, after a restart; two inputs of one task; null keys on their way to a join',
    vectors: [
      'ssjoin_inner_late_one_side',
      'ssjoin_left_default_interval',
      'ssjoin_left_duplicates',
      'ssjoin_left_mintime_quirk',
      'ssjoin_outer_asymmetric',
      'ssjoin_outer_nulls',
      'ssjoin_self_asymmetric_unoptimized',
      'ssjoin_with_repartition',
    ],
  },
  stateless: {
    reason: 'topics chosen record by record, branches, null values',
    vectors: ['stateless_depth_first_order', 'stateless_dynamic_topic', 'stateless_split_branch'],
  },
  stjoin: {
    reason: 'rows that are looked up after a restore, and null keys through a repartition topic',
    vectors: ['stjoin_filtered_table', 'stjoin_left', 'stjoin_with_repartitioned_stream'],
  },
  streamtime: {
    reason: 'the time of each operator, which is neither that of its task nor that of its store',
    vectors: ['streamtime_all_late', 'streamtime_filtered_records_do_not_count', 'streamtime_merged_topics', 'streamtime_per_operator'],
  },
  suppress: {
    reason: 'the buffer and what was said last, from their changelog',
    vectors: [
      'suppress_emit_early_when_full',
      'suppress_session_double_final',
      'suppress_time_limit_ktable_tombstones',
      'suppress_window_close_hopping',
      'suppress_window_close_late_does_not_advance',
      'suppress_window_close_session',
      'suppress_window_close_sliding',
      'suppress_window_time_limit',
    ],
  },
  timestamps: {
    reason: 'times taken out of values, or set by processors; no broker takes a record of a negative time',
    vectors: ['ts_extractor_embedded', 'ts_extractor_negative_dropped', 'ts_set_by_processor'],
  },
  ttjoin: {
    reason: 'both sides after a restore, old values, and rows that are made when they are looked up',
    vectors: ['ttjoin_filter_groupby', 'ttjoin_outer', 'ttjoin_self', 'ttjoin_three_way', 'ttjoin_windowed_tables'],
  },
  tumbling: {
    reason: 'late by a committed time, expired by a committed time, windows behind a repartition topic',
    vectors: ['tumbling_count_grace', 'tumbling_groupby_repartition', 'tumbling_retention', 'unlimited_windows_count'],
  },
  versioned: {
    reason: 'versions after a restore, by a time that was committed; records that wait across the restart',
    vectors: [
      'versioned_fkjoin',
      'versioned_ktable_source',
      'versioned_stjoin_grace',
      'versioned_stjoin_left_grace_null_key',
      'versioned_ttjoin_left_one_side',
    ],
  },
}

/** Vectors whose processors count in memory, which no restart survives: they only run straight on. */
export const IN_MEMORY: ChosenVectors = {
  reason: 'schedules on the wall clock and on stream time, of processors that count in memory',
  vectors: ['papi_punctuator_stream_time', 'papi_punctuator_wall_clock'],
}
