/**
 * Millrace: stream processing on Apache Kafka. This is the one way in; testing tools are in `millrace/testing`.
 */
export { type AsyncCallContext, AsyncTimeoutError } from '../operators/async-calls.js'
export type { AsyncOrder } from '../operators/async-operator.js'
export type { Evictor, EvictorContext, WindowElement } from '../operators/evictor.js'
export type { Predicate } from '../operators/filter.js'
export type { EmitStrategy } from '../operators/final-emission.js'
export type { KeyValue } from '../operators/map.js'
export type { WithTimeout } from '../operators/processing-timeout-trigger.js'
export type { CallCounts, TimerCounts } from '../operators/processor.js'
export type {
  Cancellable,
  FixedKeyProcessor,
  FixedKeyProcessorContext,
  ForwardedRecord,
  ForwardedValue,
  ProcessingContext,
  Processor,
  ProcessorContext,
  ProcessorRecord,
  PunctuationType,
  RecordMetadata,
  TimerContext,
  ValueTransformer,
} from '../operators/processor-api.js'
export type { AroundTheEnd, EarlyAndLate } from '../operators/time-triggers.js'
export {
  type Timer,
  Timers,
  type TimersDeclaration,
  type TimersOptions,
  type TimerType,
} from '../operators/timers.js'
export type { Trigger, TriggerContext, TriggerResult } from '../operators/trigger.js'
export { type NotPromise, PromiseReturnedError } from '../operators/user-function.js'
export type { Retracting, StreamAggregator, TableAggregator } from './aggregators/aggregator.js'
export { InvalidAggregatorError } from './aggregators/aggregator-options.js'
export {
  Aggregators,
  type DistinctCountOptions,
  type LatestByOptions,
  type QuantilesOptions,
  type TopNOptions,
} from './aggregators/aggregators.js'
export type { Countable } from './aggregators/coupons.js'
export type { DistinctCount } from './aggregators/distinct-count.js'
export type { Ordering, Rank } from './aggregators/ordering.js'
export type { QuantileSketch } from './aggregators/quantile-sketch.js'
export type {
  AsyncCallOptions,
  AsyncCircuitBreaker,
  AsyncOptions,
  AsyncRetries,
  AsyncStreams,
} from './dsl/async-streams.js'
export type { BranchedKStream, Branches, BranchOptions } from './dsl/branched-kstream.js'
export type {
  CogroupAggregator,
  CogroupedKStream,
  SessionWindowedCogroupedKStream,
  TimeWindowedCogroupedKStream,
} from './dsl/cogrouped-kstream.js'
export type { CountWindowedKStream, CountWindowStoreOptions } from './dsl/count-windowed-kstream.js'
export { type EvictorOptions, Evictors } from './dsl/evictors.js'
export type { Aggregated, AggregateResult, Synchronous, ValueGuard } from './dsl/functions.js'
export type { GlobalKTable } from './dsl/global-ktable.js'
export type { KGroupedStream } from './dsl/kgrouped-stream.js'
export type { KGroupedTable } from './dsl/kgrouped-table.js'
export type { KnownSerde } from './dsl/known-serdes.js'
export type { KStream } from './dsl/kstream.js'
export type {
  AsOfJoinOptions,
  AsOfStreamOptions,
  DeduplicateOptions,
  KStreamAnalytics,
} from './dsl/kstream-analytics.js'
export type { KTable } from './dsl/ktable.js'
export type {
  EmitOnCloseOptions,
  ForeignKeyJoinOptions,
  ForeignKeyPartitioning,
  GlobalTableOptions,
  GroupByKeyOptions,
  GroupByOptions,
  GroupTableOptions,
  JoinOptions,
  LateOption,
  OperatorOptions,
  PrintOptions,
  ProcessOptions,
  RepartitionOptions,
  RowStoreOptions,
  SinkOptions,
  SourceOptions,
  StoreOptions,
  StreamJoinOptions,
  StreamProcessOptions,
  SuppressOptions,
  TableOptions,
  TableSourceOptions,
  ToTableOptions,
  TransformValuesOptions,
  ValueTableOptions,
  WindowStoreOptions,
} from './dsl/operator-options.js'
export type { SessionWindowedKStream } from './dsl/session-windowed-kstream.js'
export { StreamsBuilder, type StreamsBuilderOptions } from './dsl/streams-builder.js'
export {
  type BufferBounds,
  type BufferOptions,
  Suppressed,
  type UntilTimeLimit,
  type UntilWindowCloses,
} from './dsl/suppressed.js'
export type { TimeWindowedKStream } from './dsl/time-windowed-kstream.js'
export {
  TopologyBuilder,
  type TopologySinkOptions,
  type TopologySourceOptions,
} from './dsl/topology-builder.js'
export type {
  ElementWindowedKStream,
  TriggeredKStream,
  TriggeredOptions,
  TriggeredSessionKStream,
} from './dsl/triggered-kstream.js'
export { Triggers } from './dsl/triggers.js'
export { CodedError } from './errors/coded-error.js'
export { InvalidCountError } from './errors/count.js'
export { UnknownTopicError } from './runtime/cluster-topics.js'
export { IncompatibleCommitError } from './runtime/commit-metadata.js'
export type { DurationFigures } from './runtime/duration-histogram.js'
export type {
  DeserializationExceptionHandler,
  ErrorContext,
  ExceptionHandlers,
  ExceptionResponse,
  FailedRecord,
  ProcessingExceptionHandler,
  ProductionExceptionHandler,
} from './runtime/exception-handlers.js'
export {
  CoPartitioningError,
  InternalTopicMismatchError,
  MissingSourceTopicError,
} from './runtime/internal-topics.js'
export {
  type CloseOptions,
  KafkaStreams,
  type StreamsState,
} from './runtime/kafka-streams.js'
export { DeserializationError, ProcessingError, ProductionError } from './runtime/processing-error.js'
export type { AdaptiveRateOptions, RateLimit } from './runtime/rate-limit-options.js'
export type { RestoredStore } from './runtime/restored-store.js'
export type {
  ReadOnlyKeyValueView,
  ReadOnlyStore,
  ReadOnlyVersionedView,
  ReadOnlyWindowView,
} from './runtime/store-views.js'
export type {
  AsyncCallMetrics,
  HeldInput,
  InputMetrics,
  InputTopicMetrics,
  IntakeMetrics,
  OutputTopicMetrics,
  PausedInput,
  PauseReason,
  RateLimitMetrics,
  RestoreProgress,
  StoreMetrics,
  StreamsMetrics,
  TaskEventTime,
  TaskMetrics,
  ThreadMetrics,
  ThrottleMetrics,
  TimerMetrics,
} from './runtime/stream-metrics.js'
export type {
  ConnectionSecurity,
  KafkaStreamsOptions,
  ProcessingGuarantee,
} from './runtime/streams-config.js'
export { ConfigError, StreamsError } from './runtime/streams-error.js'
export type { TaskChanges } from './runtime/task-changes.js'
export { MissingOffsetsError } from './runtime/task-starter.js'
export { CloseTimeoutError } from './runtime/thread-pool.js'
export type { ThreadState } from './runtime/thread-state.js'
export {
  ApplicationStoppedError,
  ThreadReplacedError,
  type UncaughtExceptionHandler,
  type UncaughtExceptionResponse,
} from './runtime/uncaught-exception-handler.js'
export { ByteWriter } from './serdes/byte-writer.js'
export { bytes } from './serdes/bytes.js'
export { type CustomSerde, serde } from './serdes/custom-serde.js'
export type { DeepReadonly } from './serdes/deep-readonly.js'
export { float64 } from './serdes/float64.js'
export { int32 } from './serdes/int32.js'
export { int64 } from './serdes/int64.js'
export { json } from './serdes/json.js'
export type { JsonCompatible, JsonValue } from './serdes/json-value.js'
export type { RecordHeader, RecordHeaders } from './serdes/record-headers.js'
export type { SchemaLoads } from './serdes/schema-loads.js'
export { SchemaPendingError } from './serdes/schema-pending-error.js'
export type { AnySerde, Serde } from './serdes/serde.js'
export { SerdeError } from './serdes/serde-error.js'
export type { SerdeOpener, SerdeUse } from './serdes/serde-use.js'
export { sessionWindowed } from './serdes/session-windowed.js'
export type { MaybePromise } from './serdes/settle.js'
export type { StandardSchema } from './serdes/standard-schema.js'
export { string } from './serdes/string.js'
export { windowed } from './serdes/windowed.js'
export type { KeyRange, ScanChunk, ScanOptions, StateDatabase } from './state/state-database.js'
export type { Storage, StorageRequest, StorageSupplier } from './state/storage.js'
export type {
  KeyValueStore,
  KeyValueStoreOptions,
  ReadOrder,
  SessionStore,
  SessionStoreOptions,
  Store,
  TimestampedKeyValueStore,
  TimestampedWindowStore,
  ValueAndTimestamp,
  VersionedKeyValueStore,
  VersionedStoreOptions,
  WindowStore,
  WindowStoreOptions as ProcessorWindowStoreOptions,
} from './state/stores.js'
export { Stores } from './state/stores-factory.js'
export type { Version, VersionRow } from './state/versioned-view.js'
export type { WriteBatch } from './state/write-batch.js'
export { type Duration, InvalidDurationError } from './time/duration.js'
export type { SourceRecord, TimestampExtractor } from './time/timestamp-extractor.js'
export {
  failOnInvalidTimestamp,
  InvalidTimestampError,
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
} from './time/timestamp-policies.js'
export {
  type GeneratedWatermarks,
  type IdlenessOptions,
  type RecordWatermarks,
  type TimestampWatermarks,
  type WatermarkGenerator,
  type WatermarkOption,
  Watermarks,
} from './time/watermark-strategy.js'
export type { OffsetReset } from './topology/offset-reset.js'
export type { BuildOptions, Optimization } from './topology/optimization.js'
export type {
  ChosenPartitions,
  SinkRecordContext,
  StreamPartitioner,
  TopicNameExtractor,
} from './topology/sub-topology.js'
export type { Topology } from './topology/topology.js'
export { TopologyError } from './topology/topology-error.js'
export { CountWindows } from './windows/count-windows.js'
export { GlobalWindows } from './windows/global-windows.js'
export { HoppingWindows } from './windows/hopping-windows.js'
export { JoinInterval } from './windows/join-interval.js'
export { JoinWindows } from './windows/join-windows.js'
export { SessionWindows } from './windows/session-windows.js'
export { SlidingWindows } from './windows/sliding-windows.js'
export type { TimeWindows } from './windows/time-windows.js'
export { TumblingWindows } from './windows/tumbling-windows.js'
export { UnlimitedWindows } from './windows/unlimited-windows.js'
export type { Window, Windowed } from './windows/window.js'
