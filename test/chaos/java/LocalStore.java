import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** A store as a worker has left it on disk. Rows are timestamp and value by key, as the changelog has them. */
final class LocalStore {
    final String worker;
    final String changelog;
    final int partition;
    final long changelogOffset;
    /** Windows that start up to then have expired; null: rows do not expire. */
    final Long expiredUpTo;
    final Map<String, String> rows = new HashMap<>();

    LocalStore(JsonNode store) {
        worker = store.get("worker").asText();
        changelog = store.get("changelog").asText();
        partition = store.get("partition").asInt();
        changelogOffset = store.get("changelogOffset").asLong();
        expiredUpTo = store.get("expiredUpTo").isNull() ? null : store.get("expiredUpTo").asLong();
        store.get("rows").properties().forEach(row -> rows.put(row.getKey(), row.getValue().asText()));
    }

    @Override
    public String toString() {
        return changelog + "-" + partition + " of " + worker;
    }
}
