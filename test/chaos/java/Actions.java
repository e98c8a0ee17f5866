import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Clicks and taps as they were published, and how far event time can have come by each. */
final class Actions {
    /** A window begins at each multiple. */
    static final long WINDOW_MS = 2_000;
    /** How far watermarks are behind the greatest timestamp. */
    private static final long BOUND_MS = 1_000;
    /** A silence of taps that may be taken for an idle input; one of twice as much is. */
    private static final long SILENCE_MS = 1_000;
    /** How far a task may have read clicks beyond the tap that ends a silence. */
    private static final long SKEW_MS = 2_000;
    /** Before all times, so that less than it can be told. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    /** @param reach event time is not greater when the action comes to any operator */
    record Action(boolean click, String user, int page, long timestamp, long reach) {
        long windowStart() {
            return timestamp - timestamp % WINDOW_MS;
        }

        String pageKey() {
            return "page-" + page;
        }
    }

    /** What has been published of a partition. */
    private static final class Past {
        long greatest = NEVER;
        long published = NEVER;
        /** As far as others can have come when the last silence ended. */
        long comeback = NEVER;
    }

    /** By id. */
    private final List<Action> all = new ArrayList<>();
    private final Map<Integer, Past> clicks = new HashMap<>();
    private final Map<Integer, Past> taps = new HashMap<>();

    int size() {
        return all.size();
    }

    /** Null: it was not published. */
    Action of(int id) {
        return id < 0 || id >= all.size() ? null : all.get(id);
    }

    void addClick(ConsumerRecord<byte[], byte[]> record) throws IOException {
        add(record, true, clicks.computeIfAbsent(record.partition(), partition -> new Past()));
    }

    void addTap(ConsumerRecord<byte[], byte[]> record) throws IOException {
        add(record, false, taps.computeIfAbsent(record.partition(), partition -> new Past()));
    }

    private void add(ConsumerRecord<byte[], byte[]> record, boolean click, Past past) throws IOException {
        JsonNode value = ChaosVerifier.JSON.readTree(record.value());
        int id = value.get("id").asInt();
        long timestamp = record.timestamp();
        long published = timestamp + value.get("delay").asLong();
        while (all.size() <= id) all.add(null);
        if (all.get(id) != null || published < past.published) throw ChaosVerifier.wrongInput(record);
        boolean silent = past.published != NEVER && published - past.published >= SILENCE_MS;
        if (!click && silent) past.comeback = published + SKEW_MS;
        past.published = published;
        long reach = Math.max(past.greatest, past.comeback) - BOUND_MS;
        int page = value.get("page").asInt();
        all.set(id, new Action(click, CommittedTopics.keyOf(record), page, timestamp, reach));
        past.greatest = Math.max(past.greatest, timestamp);
    }
}
