import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Judges what a chaos run has left, with the Java client only: recomputes every value from the input and compares.
 *
 * When the group is empty and no transaction is open it reads, read_committed, the input up to the committed offsets,
 * the whole output and the whole changelog. In the output the events of each source must come in the order of the
 * input, each once, and each total of a group must be the one before plus the event. The changelog, replayed, must be
 * what the input comes to; and each store that a worker has left must be the changelog replayed up to the position
 * that the store claims.
 *
 * The argument is one JSON object; the last line of the output is one.
 */
public final class ChaosVerifier {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_DIFFERENCES = 20;
    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    /** What the input comes to, by group: the count and sum of all its events. */
    private final Map<String, long[]> expectedTotals = new HashMap<>();
    /** Events of each source in the input. */
    private final Map<Integer, Integer> sourceEvents = new HashMap<>();
    private final List<String> differences = new ArrayList<>();

    private final String brokers;
    private final String group;
    private long recordsIn;
    private long recordsVerified;
    private long lost;
    private long duplicated;
    private long reordered;
    private long wrongTotals;

    private ChaosVerifier(JsonNode argument) {
        brokers = argument.get("brokers").asText();
        group = argument.get("group").asText();
    }

    public static void main(String[] arguments) throws Exception {
        JsonNode argument = JSON.readTree(arguments[0]);
        System.out.println(new ChaosVerifier(argument).verify(argument));
    }

    private String verify(JsonNode argument) throws Exception {
        Map<TopicPartition, Long> committed;
        int openTransactions;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            await("the group is empty", () -> isEmpty(admin));
            openTransactions = openTransactions(admin);
            committed = committedOffsets(admin, argument.get("input").asText());
        }
        readInput(argument.get("input").asText(), committed);
        readOutput(argument.get("output").asText());
        boolean storesEqual = storesEqual(argument);
        ObjectNode verdict = JSON.createObjectNode();
        verdict.put("recordsIn", recordsIn);
        verdict.put("recordsVerified", recordsVerified);
        verdict.put("lost", lost);
        verdict.put("duplicated", duplicated);
        verdict.put("reordered", reordered);
        verdict.put("wrongTotals", wrongTotals);
        verdict.put("openTransactions", openTransactions);
        verdict.put("storesEqual", storesEqual);
        ArrayNode words = verdict.putArray("differences");
        differences.forEach(words::add);
        return JSON.writeValueAsString(verdict);
    }

    private boolean isEmpty(Admin admin) {
        return get(() -> admin.describeConsumerGroups(List.of(group)).all().get()).get(group).groupState()
                == GroupState.EMPTY;
    }

    /** What is left of transactions that no one ends any more is aborted by the coordinator. */
    private int openTransactions(Admin admin) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (;;) {
            List<String> open = get(() -> admin.listTransactions().all().get()).stream()
                    .filter(listing -> OPEN.contains(listing.state()))
                    .map(TransactionListing::transactionalId)
                    .collect(Collectors.toList());
            if (open.isEmpty()) return 0;
            if (System.nanoTime() > deadline) {
                open.forEach(id -> differ("transaction " + id + " is open"));
                return open.size();
            }
            Thread.sleep(100);
        }
    }

    private Map<TopicPartition, Long> committedOffsets(Admin admin, String input) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(() -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
        return offsets.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(input))
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private void readInput(String topic, Map<TopicPartition, Long> committed) throws IOException {
        forEach(topic, (record) -> {
            Long end = committed.get(new TopicPartition(topic, record.partition()));
            if (end == null || record.offset() >= end) return;
            JsonNode event = JSON.readTree(record.value());
            int source = event.get("source").asInt();
            int sequence = event.get("sequence").asInt();
            long amount = event.get("amount").asLong();
            int next = sourceEvents.merge(source, 1, Integer::sum) - 1;
            if (sequence != next || amount != amountOf(source, sequence)) {
                throw new IllegalStateException("the input itself is wrong: " + record.value());
            }
            long[] totals = expectedTotals.computeIfAbsent(groupOf(source), name -> new long[2]);
            totals[0]++;
            totals[1] += amount;
            recordsIn++;
        });
    }

    private void readOutput(String topic) throws IOException {
        Map<Integer, Integer> next = new HashMap<>();
        Map<Integer, Set<Integer>> missing = new HashMap<>();
        Map<String, long[]> running = new HashMap<>();
        forEach(topic, (record) -> {
            JsonNode totals = JSON.readTree(record.value());
            int source = totals.get("source").asInt();
            int sequence = totals.get("sequence").asInt();
            recordsVerified++;
            checkOrder(record, source, sequence, next, missing);
            checkTotals(record, totals, source, sequence, running);
        });
        sourceEvents.forEach((source, events) -> {
            int absent = events - next.getOrDefault(source, 0) + missing.getOrDefault(source, Set.of()).size();
            lost += absent;
            if (absent > 0) differ(absent + " events of source " + source + " are not in the output");
        });
    }

    private void checkOrder(
            ConsumerRecord<String, String> record,
            int source,
            int sequence,
            Map<Integer, Integer> next,
            Map<Integer, Set<Integer>> missing) {
        int expected = next.getOrDefault(source, 0);
        if (sequence >= expected) {
            for (int skipped = expected; skipped < sequence; skipped++) {
                missing.computeIfAbsent(source, key -> new HashSet<>()).add(skipped);
            }
            next.put(source, sequence + 1);
        } else if (missing.getOrDefault(source, new HashSet<>()).remove(sequence)) {
            reordered++;
            differ(place(record) + " comes late: event " + sequence + " of source " + source);
        } else {
            duplicated++;
            differ(place(record) + " comes again: event " + sequence + " of source " + source);
        }
        if (sequence >= sourceEvents.getOrDefault(source, 0)) {
            differ(place(record) + " comes from an event that is not in the input: " + source + "/" + sequence);
            wrongTotals++;
        }
    }

    private void checkTotals(
            ConsumerRecord<String, String> record,
            JsonNode totals,
            int source,
            int sequence,
            Map<String, long[]> running) {
        long[] before = running.computeIfAbsent(record.key(), key -> new long[2]);
        long count = totals.get("count").asLong();
        long sum = totals.get("sum").asLong();
        boolean right = record.key().equals(groupOf(source))
                && count == before[0] + 1
                && sum == before[1] + amountOf(source, sequence);
        if (!right) {
            wrongTotals++;
            differ(place(record) + " has count " + count + " and sum " + sum + " behind " + before[0] + " and " + before[1]);
        }
        before[0] = count;
        before[1] = sum;
    }

    /** Whether the changelog comes to what the input does, and each local store is the changelog up to its position. */
    private boolean storesEqual(JsonNode argument) throws IOException {
        String changelog = argument.get("changelog").asText();
        Map<Integer, List<JsonNode>> stores = new HashMap<>();
        for (JsonNode store : JSON.readTree(new File(argument.get("storesFile").asText()))) {
            stores.computeIfAbsent(store.get("partition").asInt(), key -> new ArrayList<>()).add(store);
        }
        Map<Integer, Map<String, String>> replayed = new HashMap<>();
        Map<Integer, Long> ends = new HashMap<>();
        Set<JsonNode> unequal = new HashSet<>();
        Set<JsonNode> compared = new HashSet<>();
        forEach(changelog, (record) -> {
            Map<String, String> rows = replayed.computeIfAbsent(record.partition(), key -> new HashMap<>());
            for (JsonNode store : stores.getOrDefault(record.partition(), List.of())) {
                boolean reached = record.offset() >= store.get("changelogOffset").asLong();
                if (reached && compared.add(store) && !rowsOf(store).equals(rows)) unequal.add(store);
            }
            if (record.value() == null) rows.remove(record.key());
            else rows.put(record.key(), record.value());
            ends.put(record.partition(), record.offset() + 1);
        });
        stores.forEach((partition, all) -> {
            Map<String, String> rows = replayed.getOrDefault(partition, Map.of());
            for (JsonNode store : all) if (compared.add(store) && !rowsOf(store).equals(rows)) unequal.add(store);
            if (all.stream().noneMatch(store -> store.get("changelogOffset").asLong() >= ends.getOrDefault(partition, 0L))) {
                differ("no worker has all of the changelog's partition " + partition);
                unequal.add(all.get(0));
            }
        });
        unequal.forEach(store -> differ("the store of " + store.get("worker").asText() + ", partition "
                + store.get("partition") + ", is not the changelog up to " + store.get("changelogOffset")));
        boolean allThere = stores.keySet().containsAll(replayed.keySet());
        if (!allThere) differ("a partition of the changelog has no local store");
        return changelogEqualsInput(replayed) && unequal.isEmpty() && allThere;
    }

    private boolean changelogEqualsInput(Map<Integer, Map<String, String>> replayed) throws IOException {
        Map<String, long[]> totals = new HashMap<>();
        for (Map<String, String> rows : replayed.values()) {
            for (Map.Entry<String, String> row : rows.entrySet()) {
                JsonNode value = JSON.readTree(row.getValue());
                totals.put(row.getKey(), new long[] {value.get("count").asLong(), value.get("sum").asLong()});
            }
        }
        boolean equal = totals.keySet().equals(expectedTotals.keySet());
        for (Map.Entry<String, long[]> expected : expectedTotals.entrySet()) {
            long[] found = totals.getOrDefault(expected.getKey(), new long[2]);
            if (found[0] == expected.getValue()[0] && found[1] == expected.getValue()[1]) continue;
            equal = false;
            differ("the changelog has " + found[0] + " events of " + expected.getKey() + ", the input "
                    + expected.getValue()[0]);
        }
        return equal;
    }

    private static Map<String, String> rowsOf(JsonNode store) {
        Map<String, String> rows = new HashMap<>();
        store.get("rows").fields().forEachRemaining(row -> rows.put(row.getKey(), row.getValue().asText()));
        return rows;
    }

    private interface Visitor {
        void visit(ConsumerRecord<String, String> record) throws IOException;
    }

    /** Every committed record of a topic, in order per partition. */
    private void forEach(String topic, Visitor visitor) throws IOException {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        StringDeserializer text = new StringDeserializer();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config, text, text)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.get(each))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) visitor.visit(record);
            }
        }
    }

    private void differ(String difference) {
        if (differences.size() < MOST_DIFFERENCES) differences.add(difference);
    }

    private static String place(ConsumerRecord<String, String> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** As the publisher makes them: see chaos-topology.ts. */
    private static long amountOf(int source, int sequence) {
        return (source * 31L + sequence * 17L) % 1_000;
    }

    private static String groupOf(int source) {
        return "group-" + source % 4_000;
    }

    private interface Call<T> {
        T call() throws ExecutionException, InterruptedException;
    }

    private static <T> T get(Call<T> call) {
        try {
            return call.call();
        } catch (ExecutionException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) throw new IllegalStateException("not within " + PATIENCE + ": " + what);
            Thread.sleep(100);
        }
    }
}
