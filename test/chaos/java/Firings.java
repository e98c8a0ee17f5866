import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What timers hand on, known in advance: in each partition of an output the one and only sequence of records. */
final class Firings {
    private final Verdict verdict;
    private final Map<Integer, Partition> partitions = new HashMap<>();

    private static final class Partition {
        final List<String> expected = new ArrayList<>();
        final Map<String, Integer> places = new HashMap<>();
        final BitSet seen = new BitSet();
        int greatest = -1;
    }

    Firings(Verdict verdict) {
        this.verdict = verdict;
    }

    /** The next record of a partition. */
    void expect(int partition, String key, String value, long timestamp) {
        Partition all = of(partition);
        String record = text(key, value, timestamp);
        if (all.places.put(record, all.expected.size()) != null) {
            throw new IllegalStateException("the verifier expects " + record + " twice");
        }
        all.expected.add(record);
    }

    void add(Output output) {
        Partition all = of(output.partition());
        Integer place = all.places.get(text(output.key(), output.value().toString(), output.timestamp()));
        if (place == null) verdict.mistake(output.differs("is not what its partition comes to"));
        else if (all.seen.get(place)) verdict.duplicate(output.differs("comes again"));
        else {
            all.seen.set(place);
            if (place > all.greatest) all.greatest = place;
            else verdict.reorder(output.differs("comes behind " + all.expected.get(all.greatest)));
        }
    }

    /** Those that have not come. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Partition all : partitions.values()) {
            for (int place = 0; place < all.expected.size(); place++) {
                if (!all.seen.get(place)) missing.add(all.expected.get(place));
            }
        }
        return missing;
    }

    private Partition of(int partition) {
        return partitions.computeIfAbsent(partition, each -> new Partition());
    }

    private static String text(String key, String value, long timestamp) {
        return key + ": " + value + " @" + timestamp;
    }
}
