package millrace.bench;

/** What the harness asks for: one JSON object, the runner's only argument. */
record RunnerArguments(
    String workload,
    String guarantee,
    String brokers,
    String inputTopic,
    String outputTopic,
    String applicationId,
    String stateDir,
    long records,
    /** `statestore.cache.max.bytes`; null: Kafka Streams' default. */
    Long cacheMaxBytes,
    /** `commit.interval.ms`; null: Kafka Streams' default. */
    Long commitIntervalMs) {}
