import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Judges what a chaos run has left, with the Java client only: recomputes every result from the input and compares.
 *
 * When the group is empty and no transaction is open it reads, read_committed, the inputs up to the committed offsets,
 * all outputs and all changelogs. What the results must be is up to the verifier of each topology. The changelogs,
 * replayed, must be what the inputs come to; and each store that a worker has left must be its changelog replayed up to
 * the position that the store claims.
 *
 * The argument is one JSON object; the last line of the output is one.
 */
abstract class ChaosVerifier {
    protected static final ObjectMapper JSON = new ObjectMapper();

    protected final Verdict verdict = new Verdict();
    private CommittedTopics topics;
    private Map<TopicPartition, Long> committed;

    /** Reads the inputs. */
    protected abstract void readInputs() throws IOException;

    /** Reads the outputs and judges them. */
    protected abstract void judgeOutputs() throws IOException;

    /** Judges what changelogs come to, by name. */
    protected abstract void judgeChangelogs(Map<String, ChangelogReplay> changelogs) throws IOException;

    protected final void run(String text) throws Exception {
        JsonNode argument = JSON.readTree(text);
        String brokers = argument.get("brokers").asText();
        topics = new CommittedTopics(brokers);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            Application application = new Application(admin, argument.get("group").asText());
            application.awaitEnd();
            application.openTransactions().forEach(verdict::leaveOpen);
            committed = application.committedOffsets();
        }
        readInputs();
        judgeOutputs();
        judgeChangelogs(replayed(new File(argument.get("storesFile").asText())));
        System.out.println(verdict.toJson());
    }

    /** The records of an input that the application has processed. */
    protected final void forEachInput(String topic, CommittedTopics.Visitor visitor) throws IOException {
        topics.forEach(topic, record -> {
            Long end = committed.get(new TopicPartition(topic, record.partition()));
            if (end == null || record.offset() >= end) return;
            visitor.visit(record);
            verdict.recordsIn++;
        });
    }

    protected final void forEachOutput(String topic, CommittedTopics.Visitor visitor) throws IOException {
        topics.forEach(topic, record -> {
            visitor.visit(record);
            verdict.recordsVerified++;
        });
    }

    protected final void forEachResult(String topic, Output.Judge judge) throws IOException {
        forEachOutput(topic, record -> judge.take(new Output(
                CommittedTopics.keyOf(record),
                JSON.readTree(record.value()),
                record.timestamp(),
                record.partition(),
                CommittedTopics.place(record))));
    }

    protected static IllegalStateException wrongInput(ConsumerRecord<byte[], byte[]> record) {
        return new IllegalStateException("the input itself is wrong: " + CommittedTopics.place(record) + " is "
                + CommittedTopics.keyOf(record) + " " + CommittedTopics.valueOf(record));
    }

    private Map<String, ChangelogReplay> replayed(File storesFile) throws IOException {
        Map<String, List<LocalStore>> stores = StreamSupport.stream(JSON.readTree(storesFile).spliterator(), false)
                .map(LocalStore::new)
                .collect(Collectors.groupingBy(store -> store.changelog, TreeMap::new, Collectors.toList()));
        Map<String, ChangelogReplay> replayed = new HashMap<>();
        for (Map.Entry<String, List<LocalStore>> entry : stores.entrySet()) {
            ChangelogReplay replay = new ChangelogReplay(entry.getKey(), entry.getValue(), verdict);
            replay.run(topics);
            replayed.put(entry.getKey(), replay);
        }
        return replayed;
    }
}
