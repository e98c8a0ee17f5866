import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All records of an input by key: each value is known from the key and its number, and times never go back. */
final class History {
    /** Makes the values again. */
    interface Values {
        /** Null: a tombstone. */
        String at(String key, int number);
    }

    /** When the values of a key were published. */
    static final class Times {
        final int partition;
        private long[] times = new long[16];
        private int size;

        private Times(int partition) {
            this.partition = partition;
        }

        int size() {
            return size;
        }

        long at(int number) {
            return times[number];
        }

        /** How many there are up to a time, or before it. */
        int countUpTo(long time) {
            return countBefore(time + 1);
        }

        int countBefore(long time) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[middle] < time) low = middle + 1;
                else high = middle;
            }
            return low;
        }

        private void add(long time) {
            if (size == times.length) times = Arrays.copyOf(times, 2 * size);
            times[size++] = time;
        }
    }

    private static final Times NONE = new Times(-1);

    private final String topic;
    private final Values values;
    private final Map<String, Times> byKey = new HashMap<>();

    History(String topic, Values values) {
        this.topic = topic;
        this.values = values;
    }

    String topic() {
        return topic;
    }

    void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
        String key = CommittedTopics.keyOf(record);
        Times times = byKey.computeIfAbsent(key, name -> new Times(record.partition()));
        String expected = values.at(key, times.size);
        String value = CommittedTopics.valueOf(record);
        boolean inOrder = times.size == 0 || times.at(times.size - 1) <= record.timestamp();
        boolean right = expected == null ? value == null : expected.equals(value);
        if (!right || !inOrder) throw ChaosVerifier.wrongInput(record);
        times.add(record.timestamp());
    }

    Set<String> keys() {
        return byKey.keySet();
    }

    Times of(String key) {
        return byKey.getOrDefault(key, NONE);
    }

    /** Whether a key was given a value with a number. */
    boolean has(String key, int number) {
        return number >= 0 && number < of(key).size() && values.at(key, number) != null;
    }

    /** The number of a key's last value; null: it was deleted, or never there. */
    Integer last(String key) {
        int number = of(key).size() - 1;
        return has(key, number) ? number : null;
    }

    /** The table at rest: the last value by key, without what was deleted. */
    Map<String, String> table() {
        Map<String, String> rows = new HashMap<>();
        for (String key : byKey.keySet()) {
            Integer number = last(key);
            if (number != null) rows.put(key, values.at(key, number));
        }
        return rows;
    }
}
