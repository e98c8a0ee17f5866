import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A changelog, replayed: each local store must be the changelog up to the position that the store claims. Rows that
 * have expired by what the foremost store knows do not count: the changelog need not have them any more.
 */
final class ChangelogReplay {
    /** The start of a window and a sequence number end the key of its row. */
    private static final int WINDOW_SUFFIX_BYTES = 12;

    private final String changelog;
    private final Map<Integer, List<LocalStore>> stores;
    private final Verdict verdict;
    /** By partition: timestamp and value by key, bytes in base64. */
    private final Map<Integer, Map<String, String>> rows = new TreeMap<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private final Set<LocalStore> compared = new HashSet<>();

    ChangelogReplay(String changelog, List<LocalStore> stores, Verdict verdict) {
        this.changelog = changelog;
        this.stores = stores.stream().collect(Collectors.groupingBy(store -> store.partition));
        this.verdict = verdict;
    }

    void run(CommittedTopics topics) throws IOException {
        topics.forEach(changelog, this::replay);
        stores.forEach((partition, all) -> {
            all.forEach(this::compare);
            if (all.stream().noneMatch(store -> store.changelogOffset >= ends.getOrDefault(partition, 0L))) {
                verdict.storeDiffers("no worker has all of " + changelog + "-" + partition);
            }
        });
        if (!stores.keySet().containsAll(rows.keySet())) {
            verdict.storeDiffers("a partition of " + changelog + " has no local store");
        }
    }

    /** Value by key, both as text, of all partitions. */
    Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        for (Map<String, String> partition : rows.values()) {
            partition.forEach((key, row) -> values.put(text(key), text(row.substring(row.indexOf(' ') + 1))));
        }
        return values;
    }

    int size() {
        return rows.values().stream().mapToInt(Map::size).sum();
    }

    private void replay(ConsumerRecord<byte[], byte[]> record) {
        int partition = record.partition();
        for (LocalStore store : stores.getOrDefault(partition, List.of())) {
            if (record.offset() >= store.changelogOffset) compare(store);
        }
        Map<String, String> present = rows.computeIfAbsent(partition, key -> new HashMap<>());
        String key = base64(record.key());
        if (record.value() == null) present.remove(key);
        else present.put(key, record.timestamp() + " " + base64(record.value()));
        ends.put(partition, record.offset() + 1);
    }

    private void compare(LocalStore store) {
        if (!compared.add(store)) return;
        Map<String, String> expected = live(rows.getOrDefault(store.partition, Map.of()), store);
        Map<String, String> found = live(store.rows, store);
        if (expected.equals(found)) return;
        Set<String> keys = new HashSet<>(expected.keySet());
        keys.addAll(found.keySet());
        keys.removeIf(key -> found.getOrDefault(key, "").equals(expected.get(key)));
        String key = keys.iterator().next();
        verdict.storeDiffers("the store " + store + " is not the changelog up to " + store.changelogOffset + ": "
                + keys.size() + " rows differ; row " + key + " is " + found.get(key) + ", in the changelog "
                + expected.get(key));
    }

    private Map<String, String> live(Map<String, String> all, LocalStore store) {
        if (store.expiredUpTo == null) return all;
        long expiredUpTo = stores.get(store.partition).stream().mapToLong(each -> each.expiredUpTo).max().getAsLong();
        return all.entrySet().stream()
                .filter(row -> windowStart(row.getKey()) > expiredUpTo)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static long windowStart(String key) {
        byte[] bytes = Base64.getDecoder().decode(key);
        return ByteBuffer.wrap(bytes).getLong(bytes.length - WINDOW_SUFFIX_BYTES);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
