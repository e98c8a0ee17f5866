package millrace.bench;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Starts the clock when the first record's value is read, of any of the serdes. */
final class FirstRecordSerde<T> implements Serde<T> {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final Serde<T> serde;

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
            if (!STARTED.get() && STARTED.compareAndSet(false, true)) RunnerEvents.report("first", 0);
            return deserializer.deserialize(topic, bytes);
        };
    }
}
