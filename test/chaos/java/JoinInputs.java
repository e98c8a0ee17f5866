import java.util.List;
import java.util.Map;

/** What is published for the joins, as the publisher makes it: see joined-events.ts. */
final class JoinInputs {
    /** How far apart an order and a payment may be that meet. */
    static final long WINDOW_MS = 1_000;
    /** How far apart, in time, records of two topics may be when they are processed. */
    static final long GRACE_MS = 15_000;
    private static final int BRANCHES = 100;

    final History orders = new History("chaos-orders", (key, number) -> "{\"order\":" + number + "}");
    final History payments = new History("chaos-payments", (key, number) -> "{\"payment\":" + number + "}");
    final History accounts = new History("chaos-accounts", JoinInputs::account);
    final History limits = new History("chaos-limits",
            (key, number) -> number % 6 == 5 ? null : "{\"limit\":" + number + "}");
    final History branches = new History("chaos-branches",
            (key, number) -> number % 5 == 4 ? null : "{\"version\":" + number + "}");

    List<History> all() {
        return List.of(orders, payments, accounts, limits, branches);
    }

    /** The tables by the names of their changelogs. */
    Map<String, History> tables() {
        return Map.of(
                "chaos-accounts-changelog", accounts,
                "chaos-limits-changelog", limits,
                "chaos-branches-changelog", branches);
    }

    /** The branch that a value of an account refers to; null: none. */
    static String branchOf(String account, int number) {
        int index = Integer.parseInt(account.substring("account-".length()));
        return number % 8 == 5 ? null : "branch-" + (index * 31L + number * 17L) % BRANCHES;
    }

    private static String account(String key, int number) {
        if (number % 8 == 7) return null;
        String branch = branchOf(key, number);
        return "{\"account\":" + number + ",\"branch\":" + (branch == null ? "null" : "\"" + branch + "\"") + "}";
    }
}
