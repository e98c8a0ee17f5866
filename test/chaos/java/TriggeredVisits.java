import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * Windows whose results have what has come since the one before: three actions before the window has ended, what is left at
 * its end, and one after it, which came when the window can have ended.
 */
final class TriggeredVisits extends VisitsJudge {
    private static final long GRACE_MS = 2_000;
    private static final int EARLY = 3;

    private static final class Pane {
        /** The time of the last action. */
        long greatest = Long.MIN_VALUE;
        boolean ended;
    }

    /** By page and start. */
    private final Map<String, Map<Long, Pane>> panes = new HashMap<>();

    TriggeredVisits(Actions actions, Verdict verdict) {
        super(actions, verdict, GRACE_MS);
    }

    @Override
    void add(Output result) {
        JsonNode ids = result.value().get("ids");
        Pane pane = panes.computeIfAbsent(result.key(), page -> new HashMap<>())
                .computeIfAbsent(result.start(), start -> new Pane());
        boolean again = false;
        for (JsonNode id : ids) {
            Actions.Action action = actions.of(id.asInt());
            if (!isOf(result, action)) {
                verdict.mistake(result.differs("has " + id + ", which is not of this window"));
                return;
            }
            pane.greatest = Math.max(pane.greatest, action.timestamp());
            again |= isKnown(id.asInt());
        }
        see(ids);
        if (again) verdict.duplicate(result.differs("has what was in another result, or late"));
        else judge(result, pane, ids);
    }

    private void judge(Output result, Pane pane, JsonNode ids) {
        long end = result.start() + Actions.WINDOW_MS - 1;
        if (!pane.ended && ids.size() == EARLY && result.timestamp() == pane.greatest) return;
        boolean last = !pane.ended && ids.size() < EARLY && result.timestamp() == end;
        pane.ended = true;
        if (last) return;
        boolean late = ids.size() == 1
                && result.timestamp() == pane.greatest
                && closesBy(actions.of(ids.get(0).asInt()), 0);
        if (!late) verdict.mistake(result.differs("is no early result, none at the end, and none of a late action"));
    }
}
