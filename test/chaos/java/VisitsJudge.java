import com.fasterxml.jackson.databind.JsonNode;
import java.util.BitSet;

/** Judges windows of the actions on each page: an action is in the result of its window, or late, and not both. */
abstract class VisitsJudge {
    protected final Actions actions;
    protected final Verdict verdict;
    private final long allowedMs;
    private final BitSet late = new BitSet();
    private final BitSet counted = new BitSet();

    /** @param allowedMs for how long a window is updated */
    VisitsJudge(Actions actions, Verdict verdict, long allowedMs) {
        this.actions = actions;
        this.verdict = verdict;
        this.allowedMs = allowedMs;
    }

    abstract void add(Output result);

    final void late(Output output) {
        int id = output.number("id");
        Actions.Action action = actions.of(id);
        if (action == null || !output.key().equals(action.pageKey()) || output.timestamp() != action.timestamp()) {
            verdict.mistake(output.differs("is no action of the input"));
        } else if (late.get(id)) {
            verdict.duplicate(output.differs("comes again"));
        } else {
            late.set(id);
            if (closesBy(action, allowedMs)) return;
            verdict.mistake(output.differs("is not late: event time was " + action.reach() + " at most"));
        }
    }

    /** Whether the window of an action can have closed before the action, or have been closed for a time. */
    protected static boolean closesBy(Actions.Action action, long time) {
        return action.windowStart() + Actions.WINDOW_MS + time <= action.reach();
    }

    /** Counts the action that a result has first. */
    protected final void count(Output result, int id) {
        Actions.Action action = actions.of(id);
        if (!isOf(result, action)) {
            verdict.mistake(result.differs("has " + id + ", which is not of this window"));
        } else if (late.get(id)) {
            verdict.duplicate(result.differs("has " + id + ", which is late"));
        } else if (counted.get(id)) {
            verdict.duplicate(result.differs("has " + id + " again"));
        } else {
            counted.set(id);
        }
    }

    /** Takes note of the actions of a result that is wrong as a whole: they are not lost. */
    protected final void see(JsonNode ids) {
        for (JsonNode id : ids) if (actions.of(id.asInt()) != null) counted.set(id.asInt());
    }

    /** Whether an action was in a result before, or late. */
    protected final boolean isKnown(int id) {
        return counted.get(id) || late.get(id);
    }

    protected static boolean isOf(Output result, Actions.Action action) {
        return action != null && action.windowStart() == result.start() && action.pageKey().equals(result.key());
    }

    /** The result has the time of its last action. */
    protected final void checkTime(Output result) {
        long last = -1;
        for (JsonNode id : result.value().get("ids")) {
            Actions.Action action = actions.of(id.asInt());
            if (action != null) last = Math.max(last, action.timestamp());
        }
        if (last != result.timestamp()) verdict.mistake(result.differs("should be at " + last));
    }

    void end() {
        for (int id = 0; id < actions.size(); id++) {
            if (actions.of(id) == null || late.get(id) || counted.get(id)) continue;
            verdict.lose(1, getClass().getSimpleName() + ": action " + id + " at " + actions.of(id).timestamp() + " of "
                    + actions.of(id).pageKey() + " is in no result, and not late");
        }
    }
}
