import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Judges joins of each kind: see joins.ts. */
public final class JoinsVerifier extends ChaosVerifier {
    private static final String SUBSCRIPTIONS = "chaos-branch-subscription-store-changelog";

    private final JoinInputs inputs = new JoinInputs();

    public static void main(String[] arguments) throws Exception {
        new JoinsVerifier().run(arguments[0]);
    }

    @Override
    protected void readInputs() throws IOException {
        for (History history : inputs.all()) forEachInput(history.topic(), history::add);
    }

    @Override
    protected void judgeOutputs() throws IOException {
        List<JoinJudge> judges = List.of(
                new PaidOrders(inputs, verdict),
                new PlacedOrders(inputs, verdict),
                new LimitedAccounts(inputs, verdict),
                new BranchAccounts(inputs, verdict));
        for (JoinJudge judge : judges) {
            forEachOutput(judge.output(), record -> judge.add(new JoinJudge.Result(
                    CommittedTopics.keyOf(record),
                    record.value() == null ? null : JSON.readTree(record.value()),
                    record.timestamp(),
                    CommittedTopics.place(record))));
            judge.end();
        }
    }

    /** The tables are what was published last, and there is a subscription for each account that refers to a branch. */
    @Override
    protected void judgeChangelogs(Map<String, ChangelogReplay> changelogs) {
        inputs.tables().forEach((changelog, history) -> {
            if (changelogs.get(changelog).values().equals(history.table())) return;
            verdict.storeDiffers(changelog + " is not what " + history.topic() + " comes to");
        });
        long expected = inputs.accounts.keys().stream().filter(this::refers).count();
        int found = changelogs.get(SUBSCRIPTIONS).size();
        if (found != expected) verdict.storeDiffers(SUBSCRIPTIONS + " has " + found + " rows of " + expected);
    }

    private boolean refers(String key) {
        Integer number = inputs.accounts.last(key);
        return number != null && JoinInputs.branchOf(key, number) != null;
    }
}
