package millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Restores one store in Kafka Streams with its defaults, tells when that began and ended, and closes. */
public final class RestoreRunner {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);

    private RestoreRunner() {}

    public static void main(String[] args) throws Exception {
        RestoreArguments arguments = new ObjectMapper().readValue(args[0], RestoreArguments.class);
        Thread harness = HarnessWatch.start();
        Progress progress = new Progress(arguments.records());
        KafkaStreams streams = new KafkaStreams(topology(arguments), config(arguments));
        streams.setUncaughtExceptionHandler(error -> {
            RunnerEvents.reportFailure(error.toString());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setGlobalStateRestoreListener(progress);
        streams.start();
        progress.complete.await();
        streams.close(CLOSE_TIMEOUT);
        RunnerEvents.report("closed", arguments.records());
        harness.join();
    }

    private static Topology topology(RestoreArguments arguments) {
        StreamsBuilder builder = new StreamsBuilder();
        builder
            .stream(arguments.inputTopic(), Consumed.with(Serdes.String(), Serdes.String()))
            .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
            .count(Materialized.as(arguments.store()));
        return builder.build();
    }

    private static Properties config(RestoreArguments arguments) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments.applicationId());
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments.brokers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, arguments.stateDir());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return config;
    }

    /** From the first partition's beginning until all records are in. */
    private static final class Progress implements StateRestoreListener {
        private final CountDownLatch complete = new CountDownLatch(1);
        private final AtomicLong restored = new AtomicLong();
        private final long records;
        private boolean begun;

        Progress(long records) {
            this.records = records;
        }

        @Override
        public synchronized void onRestoreStart(TopicPartition partition, String store, long from, long to) {
            if (!begun) RunnerEvents.report("restoring", 0);
            begun = true;
        }

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long offset, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long count) {
            if (restored.addAndGet(count) < records) return;
            RunnerEvents.report("restored", restored.get());
            complete.countDown();
        }
    }
}
