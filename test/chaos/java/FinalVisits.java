import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** Windows that close once, in order in each partition. */
final class FinalVisits extends VisitsJudge {
    /** How many actions the result of each window has, by page and start. */
    final Map<String, Map<Long, Integer>> sizes = new HashMap<>();
    private final Map<Integer, Long> closed = new HashMap<>();

    FinalVisits(Actions actions, Verdict verdict) {
        super(actions, verdict, 0);
    }

    @Override
    void add(Output result) {
        Map<Long, Integer> ofPage = sizes.computeIfAbsent(result.key(), page -> new HashMap<>());
        JsonNode ids = result.value().get("ids");
        if (ofPage.putIfAbsent(result.start(), ids.size()) != null) {
            verdict.duplicate(result.differs("is a second result"));
            see(ids);
            return;
        }
        for (JsonNode id : ids) count(result, id.asInt());
        checkTime(result);
        long before = closed.getOrDefault(result.partition(), Long.MIN_VALUE);
        if (result.start() < before) verdict.reorder(result.differs("comes behind the window at " + before));
        closed.put(result.partition(), result.start());
    }
}
