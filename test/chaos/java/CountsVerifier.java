import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Judges running totals per group. In the output the events of each source must come in the order of the input, each
 * once, and each total of a group must be the one before plus the event. See counts.ts.
 */
public final class CountsVerifier extends ChaosVerifier {
    /** What the input comes to, by group: the count and sum of all its events. */
    private final Map<String, long[]> expectedTotals = new HashMap<>();
    /** Events of each source in the input. */
    private final Map<Integer, Integer> sourceEvents = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        new CountsVerifier().run(arguments[0]);
    }

    @Override
    protected void readInputs() throws IOException {
        forEachInput("chaos-input", record -> {
            JsonNode event = JSON.readTree(record.value());
            int source = event.get("source").asInt();
            int sequence = event.get("sequence").asInt();
            long amount = event.get("amount").asLong();
            int next = sourceEvents.merge(source, 1, Integer::sum) - 1;
            if (sequence != next || amount != amountOf(source, sequence)) throw wrongInput(record);
            long[] totals = expectedTotals.computeIfAbsent(groupOf(source), name -> new long[2]);
            totals[0]++;
            totals[1] += amount;
        });
    }

    @Override
    protected void judgeOutputs() throws IOException {
        Map<Integer, Sequence> sequences = new HashMap<>();
        Map<String, long[]> running = new HashMap<>();
        forEachOutput("chaos-output", record -> {
            JsonNode totals = JSON.readTree(record.value());
            int source = totals.get("source").asInt();
            int sequence = totals.get("sequence").asInt();
            sequences.computeIfAbsent(source, this::sequenceOf).add(sequence, CommittedTopics.place(record));
            if (sequence >= sourceEvents.getOrDefault(source, 0)) {
                verdict.mistake(CommittedTopics.place(record) + " comes from an event that is not in the input: "
                        + source + "/" + sequence);
            }
            checkTotals(record, totals, source, sequence, running);
        });
        sourceEvents.forEach((source, events) -> sequences.computeIfAbsent(source, this::sequenceOf).end(events));
    }

    private Sequence sequenceOf(int source) {
        return new Sequence("source " + source, verdict);
    }

    private void checkTotals(
            ConsumerRecord<byte[], byte[]> record,
            JsonNode totals,
            int source,
            int sequence,
            Map<String, long[]> running) {
        String group = CommittedTopics.keyOf(record);
        long[] before = running.computeIfAbsent(group, key -> new long[2]);
        long count = totals.get("count").asLong();
        long sum = totals.get("sum").asLong();
        boolean right = group.equals(groupOf(source))
                && count == before[0] + 1
                && sum == before[1] + amountOf(source, sequence);
        if (!right) {
            verdict.mistake(CommittedTopics.place(record) + " has count " + count + " and sum " + sum + " behind "
                    + before[0] + " and " + before[1]);
        }
        before[0] = count;
        before[1] = sum;
    }

    @Override
    protected void judgeChangelogs(Map<String, ChangelogReplay> changelogs) throws IOException {
        Map<String, String> totals = changelogs.get("chaos-totals-changelog").values();
        if (!totals.keySet().equals(expectedTotals.keySet())) {
            verdict.storeDiffers("the changelog has " + totals.size() + " groups, the input " + expectedTotals.size());
        }
        for (Map.Entry<String, String> row : totals.entrySet()) {
            JsonNode found = JSON.readTree(row.getValue());
            long[] expected = expectedTotals.getOrDefault(row.getKey(), new long[2]);
            if (found.get("count").asLong() == expected[0] && found.get("sum").asLong() == expected[1]) continue;
            verdict.storeDiffers("the changelog has " + found.get("count") + " events of " + row.getKey()
                    + ", the input " + expected[0]);
        }
    }

    /** As the publisher makes them: see counted-events.ts. */
    private static long amountOf(int source, int sequence) {
        return (source * 31L + sequence * 17L) % 1_000;
    }

    private static String groupOf(int source) {
        return "group-" + source % 4_000;
    }
}
