import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The left join of two tables by a foreign key. What a row shows on its way depends on the order in which answers come;
 * but its account never goes back, nor the version of the branch beside the same account, no pair comes twice, and the
 * last result is that of the relations.
 */
final class BranchAccounts implements JoinJudge {
    private final History accounts;
    private final History branches;
    private final Verdict verdict;
    private final Map<String, Row> rows = new HashMap<>();

    /** The last results of an account. */
    private static final class Row {
        /** The greatest number. */
        int account = -1;
        /** The greatest beside that. */
        int version = -1;
        /** What came last; null: a tombstone, or without a branch. */
        Integer lastAccount;
        Integer lastVersion;
    }

    BranchAccounts(JoinInputs inputs, Verdict verdict) {
        accounts = inputs.accounts;
        branches = inputs.branches;
        this.verdict = verdict;
    }

    @Override
    public String output() {
        return "chaos-branch-accounts";
    }

    @Override
    public void add(Result result) {
        Row row = rows.computeIfAbsent(result.key(), key -> new Row());
        Integer account = result.value() == null ? null : result.number("account");
        Integer version = result.value() == null ? null : result.number("version");
        if (account != null) {
            if (isRight(result.key(), account, version)) order(result, row, account, version);
            else verdict.mistake(result.differs("is not what the tables had"));
        }
        row.lastAccount = account;
        row.lastVersion = version;
    }

    private boolean isRight(String key, int account, Integer version) {
        if (!accounts.has(key, account)) return false;
        String branch = JoinInputs.branchOf(key, account);
        return version == null || (branch != null && branches.has(branch, version));
    }

    private void order(Result result, Row row, int account, Integer version) {
        if (account < row.account) verdict.reorder(result.differs("comes behind account " + row.account));
        else if (account > row.account) {
            row.account = account;
            row.version = version == null ? -1 : version;
        } else if (version == null) {
            boolean again = Objects.equals(row.lastAccount, account) && row.lastVersion == null;
            if (again) verdict.duplicate(result.differs("comes again"));
        } else if (version > row.version) row.version = version;
        else if (version == row.version) verdict.duplicate(result.differs("comes again"));
        else verdict.reorder(result.differs("comes behind version " + row.version));
    }

    @Override
    public void end() {
        for (String key : accounts.keys()) {
            Row row = rows.getOrDefault(key, new Row());
            Integer account = accounts.last(key);
            String branch = account == null ? null : JoinInputs.branchOf(key, account);
            Integer version = branch == null ? null : branches.last(branch);
            if (Objects.equals(row.lastAccount, account) && Objects.equals(row.lastVersion, version)) continue;
            verdict.lose(1, "the last result of " + key + " has account " + row.lastAccount + ", version " + row.lastVersion
                    + ", the tables " + account + " and " + version + " of " + branch);
        }
    }
}
