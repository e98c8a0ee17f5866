import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Judges timers and triggers of event time: see timers.ts. */
public final class TimersVerifier extends ChaosVerifier {
    /** What is empty when everything has fired. */
    private static final List<String> EMPTY_AT_THE_END = List.of(
            "chaos-last-clicks-changelog",
            "chaos-silence-timers-changelog",
            "chaos-batches-timers-changelog",
            "chaos-visits-changelog",
            "chaos-visits-timers-changelog");

    private final Actions actions = new Actions();
    private final Firings silences = new Firings(verdict);
    private final Firings batches = new Firings(verdict);
    private final Map<Integer, List<ClicksTask>> tasks = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        new TimersVerifier().run(arguments[0]);
    }

    @Override
    protected void readInputs() throws IOException {
        forEachInput("chaos-clicks", this::click);
        tasks.values().forEach(all -> all.forEach(ClicksTask::end));
    }

    private void click(ConsumerRecord<byte[], byte[]> record) throws IOException {
        actions.addClick(record);
        int id = JSON.readTree(record.value()).get("id").asInt();
        List<ClicksTask> all = tasks.computeIfAbsent(record.partition(), partition ->
                List.of(new SilencesTask(partition, silences), new BatchesTask(partition, batches)));
        for (ClicksTask task : all) task.click(CommittedTopics.keyOf(record), id, record.timestamp());
    }

    @Override
    protected void judgeOutputs() throws IOException {
        forEachResult("chaos-silences", silences::add);
        for (String silence : silences.missing()) verdict.lose(1, "the silence of " + silence + " was not told");
        judgeBatches();
        TriggeredVisits visits = new TriggeredVisits(actions, verdict);
        forEachResult("chaos-late-visits", visits::late);
        forEachResult("chaos-visits", visits::add);
        visits.end();
    }

    /** A click is lost that is in no batch; a batch that has not come as it should is another one. */
    private void judgeBatches() throws IOException {
        BitSet seen = new BitSet();
        forEachResult("chaos-batches", batch -> {
            for (JsonNode id : batch.value().get("ids")) seen.set(id.asInt());
            batches.add(batch);
        });
        for (int id = 0; id < actions.size(); id++) {
            if (actions.of(id) != null && !seen.get(id)) verdict.lose(1, "click " + id + " is in no batch");
        }
    }

    /** Event time has ended: nothing waits any more. */
    @Override
    protected void judgeChangelogs(Map<String, ChangelogReplay> changelogs) {
        for (String changelog : EMPTY_AT_THE_END) {
            int rows = changelogs.get(changelog).size();
            if (rows > 0) verdict.storeDiffers(changelog + " has " + rows + " rows at the end");
        }
    }
}
