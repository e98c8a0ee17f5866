import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Hands each user's clicks on a second after the first one that was not handed on before. */
final class BatchesTask extends ClicksTask {
    private static final long BATCH_MS = 1_000;

    private static final class Batch {
        final List<Integer> ids = new ArrayList<>();
        /** Of all that there has been. */
        long greatest = Long.MIN_VALUE;
    }

    private final int partition;
    private final Firings firings;
    private final Map<String, Batch> batches = new HashMap<>();

    BatchesTask(int partition, Firings firings) {
        this.partition = partition;
        this.firings = firings;
    }

    @Override
    void take(String user, int id, long timestamp) {
        Batch batch = batches.computeIfAbsent(user, name -> new Batch());
        if (batch.ids.isEmpty()) set(user, timestamp + BATCH_MS);
        batch.ids.add(id);
        batch.greatest = Math.max(batch.greatest, timestamp);
    }

    @Override
    void fire(String user, long time) {
        Batch batch = batches.get(user);
        String ids = batch.ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        firings.expect(partition, user, "{\"ids\":[" + ids + "]}", Math.max(time, batch.greatest));
        batch.ids.clear();
    }
}
