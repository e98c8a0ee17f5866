import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The outer join of two tables by key: each change of one is one result, so that each result of an account is the one
 * before with a step of one of the two; the last is that of the relations.
 */
final class LimitedAccounts implements JoinJudge {
    private final History accounts;
    private final History limits;
    private final Verdict verdict;
    private final Map<String, Row> rows = new HashMap<>();

    /** How far the results of an account have come. */
    private static final class Row {
        int account = -1;
        int limit = -1;
        final Set<Integer> accountsSeen = new HashSet<>();
        final Set<Integer> limitsSeen = new HashSet<>();
        Integer lastAccount;
        Integer lastLimit;
    }

    LimitedAccounts(JoinInputs inputs, Verdict verdict) {
        accounts = inputs.accounts;
        limits = inputs.limits;
        this.verdict = verdict;
    }

    @Override
    public String output() {
        return "chaos-limited-accounts";
    }

    @Override
    public void add(Result result) {
        String key = result.key();
        Integer account = result.value() == null ? null : result.number("account");
        Integer limit = result.value() == null ? null : result.number("limit");
        Row row = rows.computeIfAbsent(key, name -> new Row());
        step(result, row, account, limit);
        if (account != null) row.accountsSeen.add(account);
        if (limit != null) row.limitsSeen.add(limit);
        row.lastAccount = account;
        row.lastLimit = limit;
    }

    private void step(Result result, Row row, Integer account, Integer limit) {
        String key = result.key();
        if (isAt(key, account, limit, row.account + 1, row.limit) && row.account + 1 < accounts.of(key).size()) {
            row.account++;
        } else if (isAt(key, account, limit, row.account, row.limit + 1) && row.limit + 1 < limits.of(key).size()) {
            row.limit++;
        } else {
            if (isAt(key, account, limit, row.account, row.limit)) verdict.duplicate(result.differs("comes again"));
            else if (isBefore(account, row.account) || isBefore(limit, row.limit)) verdict.reorder(result.differs("comes late"));
            else verdict.mistake(result.differs("is no step from account " + row.account + ", limit " + row.limit));
            // From there on each step counts again.
            if (account != null) row.account = account;
            if (limit != null) row.limit = limit;
        }
    }

    private boolean isAt(String key, Integer account, Integer limit, int accountNumber, int limitNumber) {
        return Objects.equals(account, valueAt(accounts, key, accountNumber))
                && Objects.equals(limit, valueAt(limits, key, limitNumber));
    }

    private static Integer valueAt(History history, String key, int number) {
        return history.has(key, number) ? number : null;
    }

    private static boolean isBefore(Integer number, int reached) {
        return number != null && number < reached;
    }

    @Override
    public void end() {
        Set<String> keys = new HashSet<>(accounts.keys());
        keys.addAll(limits.keys());
        for (String key : keys) {
            Row row = rows.getOrDefault(key, new Row());
            expect(accounts, key, row.accountsSeen);
            expect(limits, key, row.limitsSeen);
            if (Objects.equals(row.lastAccount, accounts.last(key)) && Objects.equals(row.lastLimit, limits.last(key))) continue;
            verdict.lose(1, "the last result of " + key + " has account " + row.lastAccount + ", limit " + row.lastLimit
                    + ", the tables " + accounts.last(key) + " and " + limits.last(key));
        }
    }

    private void expect(History history, String key, Set<Integer> seen) {
        for (int number = 0; number < history.of(key).size(); number++) {
            if (!history.has(key, number) || seen.contains(number)) continue;
            verdict.lose(1, "number " + number + " of " + key + " in " + history.topic() + " is in no result");
        }
    }
}
