import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/** Windows with allowed lateness: each result is the one before and an action more, which came after the window had closed. */
final class UpdatedVisits extends VisitsJudge {
    private static final long ALLOWED_MS = 3_000;

    /** The last result of each window, by page and start. */
    private final Map<String, Map<Long, JsonNode>> last = new HashMap<>();

    UpdatedVisits(Actions actions, Verdict verdict) {
        super(actions, verdict, ALLOWED_MS);
    }

    @Override
    void add(Output result) {
        JsonNode ids = result.value().get("ids");
        JsonNode before = last.computeIfAbsent(result.key(), page -> new HashMap<>()).put(result.start(), ids);
        int known = before == null ? 0 : before.size();
        if (before != null && !follows(before, ids)) {
            if (before.equals(ids)) verdict.duplicate(result.differs("comes again"));
            else verdict.mistake(result.differs("does not follow " + before));
            see(ids);
            return;
        }
        for (int at = known; at < ids.size(); at++) count(result, ids.get(at).asInt());
        checkTime(result);
        if (before != null) checkLate(result, ids.get(known).asInt());
    }

    private static boolean follows(JsonNode before, JsonNode ids) {
        if (ids.size() != before.size() + 1) return false;
        for (int at = 0; at < before.size(); at++) if (!before.get(at).equals(ids.get(at))) return false;
        return true;
    }

    private void checkLate(Output result, int id) {
        Actions.Action action = actions.of(id);
        if (action == null || closesBy(action, 0)) return;
        verdict.mistake(result.differs("is an update for " + id + ", by which the window was open"));
    }
}
