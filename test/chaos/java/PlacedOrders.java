import java.util.HashMap;
import java.util.Map;

/**
 * The left join of a stream with a table: the orders of an account come in order, each once. Each has a value that the
 * account had at about its time, and never one from before that of the order before.
 */
final class PlacedOrders implements JoinJudge {
    /** Before the first value of an account: there is no row. */
    private static final int ABSENT = -1;

    private final History orders;
    private final History accounts;
    private final Verdict verdict;
    private final Map<String, Sequence> sequences = new HashMap<>();
    /** By account: the number of the value that the last order has met, or of the deletion. */
    private final Map<String, Integer> met = new HashMap<>();

    PlacedOrders(JoinInputs inputs, Verdict verdict) {
        orders = inputs.orders;
        accounts = inputs.accounts;
        this.verdict = verdict;
    }

    @Override
    public String output() {
        return "chaos-placed-orders";
    }

    @Override
    public void add(Result result) {
        String account = result.key();
        int order = result.number("order");
        if (!orders.has(account, order) || result.timestamp() != orders.of(account).at(order)) {
            verdict.mistake(result.differs("comes from no order"));
            return;
        }
        sequenceOf(account).add(order, result.place());
        int before = met.getOrDefault(account, ABSENT);
        int earliest = Math.max(before, lastBefore(account, result.timestamp() - JoinInputs.GRACE_MS));
        int found = find(account, result.number("account"), earliest);
        if (found > lastBefore(account, result.timestamp() + JoinInputs.GRACE_MS)) {
            verdict.mistake(result.differs("has no value that the account had from number " + earliest + " on"));
        } else {
            met.put(account, found);
        }
    }

    /** The number of an account's value at a time. */
    private int lastBefore(String account, long time) {
        return accounts.of(account).countUpTo(time) - 1;
    }

    /** The first number from one on at which the account had a value, or none; behind all where there is none. */
    private int find(String account, Integer value, int from) {
        int size = accounts.of(account).size();
        if (value != null) return value >= from && accounts.has(account, value) ? value : size;
        int number = from;
        while (number != ABSENT && number < size && accounts.has(account, number)) number++;
        return number;
    }

    @Override
    public void end() {
        for (String account : orders.keys()) sequenceOf(account).end(orders.of(account).size());
    }

    private Sequence sequenceOf(String account) {
        return sequences.computeIfAbsent(account, key -> new Sequence("the orders of " + key, verdict));
    }
}
