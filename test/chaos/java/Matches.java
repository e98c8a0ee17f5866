import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The outer join of clicks and taps: those of a user that are not late and in a window meet, each pair once, at the later
 * one's time; those that meet none come alone, once, at their own time.
 */
final class Matches {
    private static final long WINDOW_MS = 300;
    private static final long GRACE_MS = 500;
    private static final int NONE = -1;

    private final Actions actions;
    private final Verdict verdict;
    private final BitSet late = new BitSet();
    private final Set<Long> seen = new HashSet<>();

    Matches(Actions actions, Verdict verdict) {
        this.actions = actions;
        this.verdict = verdict;
    }

    void late(Output output) {
        int id = output.number("id");
        Actions.Action action = actions.of(id);
        if (action == null || !output.key().equals(action.user()) || output.timestamp() != action.timestamp()) {
            verdict.mistake(output.differs("is no action of the input"));
        } else if (late.get(id)) {
            verdict.duplicate(output.differs("comes again"));
        } else {
            late.set(id);
            if (action.timestamp() + GRACE_MS < action.reach()) return;
            verdict.mistake(output.differs("is not late: event time was " + action.reach() + " at most"));
        }
    }

    void add(Output result) {
        int click = result.number("click");
        int tap = result.number("tap");
        if (!isRight(result, click, tap)) verdict.mistake(result.differs("is not what the inputs come to"));
        else if (isLate(click) || isLate(tap)) verdict.duplicate(result.differs("has an action that is late"));
        else if (!seen.add(pair(click, tap))) verdict.duplicate(result.differs("comes again"));
    }

    private boolean isRight(Output result, int click, int tap) {
        if (click == NONE && tap == NONE) return false;
        if (click != NONE && !isOf(result.key(), click, true)) return false;
        if (tap != NONE && !isOf(result.key(), tap, false)) return false;
        long clicked = click == NONE ? Long.MIN_VALUE : actions.of(click).timestamp();
        long tapped = tap == NONE ? Long.MIN_VALUE : actions.of(tap).timestamp();
        if (click != NONE && tap != NONE && Math.abs(clicked - tapped) > WINDOW_MS) return false;
        return result.timestamp() == Math.max(clicked, tapped);
    }

    private boolean isOf(String user, int id, boolean click) {
        Actions.Action action = actions.of(id);
        return action != null && action.user().equals(user) && action.click() == click;
    }

    private boolean isLate(int id) {
        return id != NONE && late.get(id);
    }

    void end() {
        Map<String, List<Integer>> clicks = new HashMap<>();
        Map<String, List<Integer>> taps = new HashMap<>();
        for (int id = 0; id < actions.size(); id++) {
            Actions.Action action = actions.of(id);
            if (action == null || late.get(id)) continue;
            (action.click() ? clicks : taps).computeIfAbsent(action.user(), user -> new ArrayList<>()).add(id);
        }
        clicks.forEach((user, ids) -> ids.forEach(id -> expect(id, taps.getOrDefault(user, List.of()), true)));
        taps.forEach((user, ids) -> ids.forEach(id -> expect(id, clicks.getOrDefault(user, List.of()), false)));
        if (!seen.isEmpty()) verdict.mistake(seen.size() + " actions come alone that meet others");
    }

    /** An action meets those of the other input that are in its window, or comes alone. What was expected is taken away. */
    private void expect(int id, List<Integer> others, boolean click) {
        long time = actions.of(id).timestamp();
        boolean alone = true;
        for (int other : others) {
            if (Math.abs(actions.of(other).timestamp() - time) > WINDOW_MS) continue;
            alone = false;
            // Once is enough.
            if (click) expect(id, other);
        }
        if (!alone) return;
        if (click) expect(id, NONE);
        else expect(NONE, id);
    }

    private void expect(int click, int tap) {
        if (seen.remove(pair(click, tap))) return;
        verdict.lose(1, "click " + click + " and tap " + tap + " are not in the output of the join");
    }

    private static long pair(int click, int tap) {
        return (long) click << 32 | tap & 0xffff_ffffL;
    }
}
