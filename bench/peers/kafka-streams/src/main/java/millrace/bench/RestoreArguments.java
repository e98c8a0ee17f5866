package millrace.bench;

/** What the harness asks of a restore: one JSON object, the runner's only argument. */
record RestoreArguments(
    String brokers,
    String inputTopic,
    String applicationId,
    String stateDir,
    long records,
    String store) {}
