import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The outer join of two streams: orders and payments of an account that are in a window meet, each pair once, at the
 * later one's time; those that meet none come alone, once, at their own time. Of these the last are still waited with.
 */
final class PaidOrders implements JoinJudge {
    /** What waits is looked for as time goes on, so that it may be handed on somewhat after its time. */
    private static final long SLACK_MS = 5_000;
    private static final int NONE = -1;

    private final History orders;
    private final History payments;
    private final Verdict verdict;
    /** What has come, by account: the numbers of order and payment. */
    private final Map<String, Set<Long>> seen = new HashMap<>();

    PaidOrders(JoinInputs inputs, Verdict verdict) {
        orders = inputs.orders;
        payments = inputs.payments;
        this.verdict = verdict;
    }

    @Override
    public String output() {
        return "chaos-paid-orders";
    }

    @Override
    public void add(Result result) {
        Integer order = result.number("order");
        Integer payment = result.number("payment");
        if (!isRight(result, order, payment)) {
            verdict.mistake(result.differs("is not what the inputs come to"));
            return;
        }
        Set<Long> ofAccount = seen.computeIfAbsent(result.key(), key -> new HashSet<>());
        if (!ofAccount.add(pair(order == null ? NONE : order, payment == null ? NONE : payment))) {
            verdict.duplicate(result.differs("comes again"));
        }
    }

    private boolean isRight(Result result, Integer order, Integer payment) {
        String account = result.key();
        if (order == null && payment == null) return false;
        if (order != null && !orders.has(account, order)) return false;
        if (payment != null && !payments.has(account, payment)) return false;
        if (order == null) return isAlone(result, payments.of(account).at(payment), orders);
        if (payment == null) return isAlone(result, orders.of(account).at(order), payments);
        long ordered = orders.of(account).at(order);
        long paid = payments.of(account).at(payment);
        return Math.abs(ordered - paid) <= JoinInputs.WINDOW_MS && result.timestamp() == Math.max(ordered, paid);
    }

    private static boolean isAlone(Result result, long time, History others) {
        return result.timestamp() == time && partners(others.of(result.key()), time) == 0;
    }

    /** How many records a record of a time meets. */
    private static int partners(History.Times others, long time) {
        return others.countUpTo(time + JoinInputs.WINDOW_MS) - others.countBefore(time - JoinInputs.WINDOW_MS);
    }

    @Override
    public void end() {
        Map<Integer, Long> ends = new HashMap<>();
        noteEnds(orders, ends);
        noteEnds(payments, ends);
        for (String account : orders.keys()) {
            Set<Long> found = seen.getOrDefault(account, Set.of());
            History.Times own = orders.of(account);
            History.Times others = payments.of(account);
            for (int order = 0; order < own.size(); order++) {
                long time = own.at(order);
                int first = others.countBefore(time - JoinInputs.WINDOW_MS);
                int count = partners(others, time);
                for (int payment = first; payment < first + count; payment++) expect(account, found, order, payment);
                if (count == 0 && isOver(time, own, ends)) expect(account, found, order, NONE);
            }
        }
        for (String account : payments.keys()) {
            Set<Long> found = seen.getOrDefault(account, Set.of());
            History.Times own = payments.of(account);
            for (int payment = 0; payment < own.size(); payment++) {
                long time = own.at(payment);
                if (partners(orders.of(account), time) == 0 && isOver(time, own, ends)) {
                    expect(account, found, NONE, payment);
                }
            }
        }
    }

    private void expect(String account, Set<Long> found, int order, int payment) {
        if (found.contains(pair(order, payment))) return;
        verdict.lose(1, "order " + order + " and payment " + payment + " of " + account + " are not in the output");
    }

    /** The last time of each partition. */
    private static void noteEnds(History history, Map<Integer, Long> ends) {
        for (String key : history.keys()) {
            History.Times times = history.of(key);
            ends.merge(times.partition, times.at(times.size() - 1), Math::max);
        }
    }

    private static boolean isOver(long time, History.Times times, Map<Integer, Long> ends) {
        return time + JoinInputs.WINDOW_MS + JoinInputs.GRACE_MS + SLACK_MS < ends.get(times.partition);
    }

    private static long pair(int order, int payment) {
        return (long) order << 32 | payment & 0xffff_ffffL;
    }
}
