package millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * Runs one workload in Kafka Streams: all records of its inputs, then closes, which flushes and commits. The process
 * stays until its standard input ends, so that the harness can read its account, and ends whenever that does.
 */
public final class Runner {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_MS = 10;

    private Runner() {}

    public static void main(String[] args) throws Exception {
        RunnerArguments arguments = new ObjectMapper().readValue(args[0], RunnerArguments.class);
        Thread harness = HarnessWatch.start();
        KafkaStreams streams = new KafkaStreams(Workload.topology(arguments), config(arguments));
        streams.setUncaughtExceptionHandler(error -> {
            RunnerEvents.reportFailure(error.toString());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        Metric processed = processedRecords(streams);
        streams.start();
        awaitProcessed(processed, arguments.records() / 2);
        RunnerEvents.report("half", count(processed));
        awaitProcessed(processed, arguments.records());
        RunnerEvents.report("processed", count(processed));
        streams.close(CLOSE_TIMEOUT);
        RunnerEvents.report("closed", count(processed));
        harness.join();
    }

    private static Properties config(RunnerArguments arguments) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments.applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments.brokers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, arguments.stateDir());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee(arguments.guarantee()));
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(
            StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
            String.valueOf(Long.MAX_VALUE));
        if (arguments.cacheMaxBytes() != null) {
            config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, arguments.cacheMaxBytes());
        }
        if (arguments.commitIntervalMs() != null) {
            config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, arguments.commitIntervalMs());
        }
        return config;
    }

    private static String guarantee(String name) {
        return name.equals("exactly_once") ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE;
    }

    private static Metric processedRecords(KafkaStreams streams) {
        return streams.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("stream-thread-metrics"))
            .filter(metric -> metric.metricName().name().equals("process-total"))
            .findFirst()
            .orElseThrow();
    }

    private static long count(Metric metric) {
        return ((Number) metric.metricValue()).longValue();
    }

    private static void awaitProcessed(Metric processed, long records) throws InterruptedException {
        while (count(processed) < records) Thread.sleep(POLL_MS);
    }
}
