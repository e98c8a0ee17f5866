package millrace.bench;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Starts the clock when the first record's value is read. */
final class FirstRecordSerde<T> implements Serde<T> {
    private final Serde<T> serde;
    private boolean started;

    FirstRecordSerde(Serde<T> serde) {
        this.serde = serde;
    }

    @Override
    public Serializer<T> serializer() {
        return serde.serializer();
    }

    @Override
    public Deserializer<T> deserializer() {
        Deserializer<T> deserializer = serde.deserializer();
        return (topic, bytes) -> {
            if (!started) start();
            return deserializer.deserialize(topic, bytes);
        };
    }

    private void start() {
        started = true;
        RunnerEvents.report("first", 0);
    }
}
