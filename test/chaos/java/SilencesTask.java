import java.util.HashMap;
import java.util.Map;

/** Tells of each user's silence, three times as long as no click comes. */
final class SilencesTask extends ClicksTask {
    private static final long SILENCE_MS = 2_000;
    private static final long REMINDER_MS = 1_000;
    private static final int TOLD_AT_MOST = 3;

    private record Last(int id, long at, int told) {
        long toTellAt() {
            return at + SILENCE_MS + told * REMINDER_MS;
        }
    }

    private final int partition;
    private final Firings firings;
    private final Map<String, Last> last = new HashMap<>();

    SilencesTask(int partition, Firings firings) {
        this.partition = partition;
        this.firings = firings;
    }

    @Override
    void take(String user, int id, long timestamp) {
        Last before = last.get(user);
        if (before != null && before.at() >= timestamp) return;
        if (before != null) delete(user, before.toTellAt());
        keep(user, new Last(id, timestamp, 0));
    }

    @Override
    void fire(String user, long time) {
        Last told = last.get(user);
        firings.expect(partition, user, "{\"id\":" + told.id() + ",\"told\":" + told.told() + "}", time);
        if (told.told() + 1 == TOLD_AT_MOST) last.remove(user);
        else keep(user, new Last(told.id(), told.at(), told.told() + 1));
    }

    private void keep(String user, Last next) {
        last.put(user, next);
        set(user, next.toTellAt());
    }
}
