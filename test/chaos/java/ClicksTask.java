import java.util.Comparator;
import java.util.TreeSet;

/** An operator with timers in the task that reads one partition of the clicks. Event time follows its records alone. */
abstract class ClicksTask {
    /** How far watermarks are behind the greatest timestamp. */
    private static final long BOUND_MS = 1_000;

    private record Timer(long time, String user) {}

    private final TreeSet<Timer> timers =
            new TreeSet<>(Comparator.comparingLong(Timer::time).thenComparing(Timer::user));
    /** What is earlier has come. */
    private long eventTime = Long.MIN_VALUE;

    /** What the operator does at a click, and when a timer fires. */
    abstract void take(String user, int id, long timestamp);

    abstract void fire(String user, long time);

    final void click(String user, int id, long timestamp) {
        take(user, id, timestamp);
        fireDue();
        eventTime = Math.max(eventTime, timestamp - BOUND_MS);
        fireDue();
    }

    /** Event time has ended. */
    final void end() {
        eventTime = Long.MAX_VALUE;
        fireDue();
    }

    protected final void set(String user, long time) {
        timers.add(new Timer(time, user));
    }

    protected final void delete(String user, long time) {
        timers.remove(new Timer(time, user));
    }

    private void fireDue() {
        while (!timers.isEmpty() && timers.first().time() < eventTime) {
            Timer timer = timers.pollFirst();
            fire(timer.user(), timer.time());
        }
    }
}
