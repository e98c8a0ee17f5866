import java.io.IOException;
import java.util.Map;

/** Judges windows and a join whose event time comes from watermarks: see windows.ts. */
public final class WindowsVerifier extends ChaosVerifier {
    private static final String UNMATCHED = "chaos-matched-outer-shared-join-store-changelog";

    private final Actions actions = new Actions();

    public static void main(String[] arguments) throws Exception {
        new WindowsVerifier().run(arguments[0]);
    }

    /** The clicks first: what the taps may be late by depends on them. */
    @Override
    protected void readInputs() throws IOException {
        forEachInput("chaos-clicks", actions::addClick);
        forEachInput("chaos-taps", actions::addTap);
    }

    @Override
    protected void judgeOutputs() throws IOException {
        FinalVisits visits = new FinalVisits(actions, verdict);
        forEachResult("chaos-late-visits", visits::late);
        forEachResult("chaos-visits", visits::add);
        visits.end();
        UpdatedVisits updates = new UpdatedVisits(actions, verdict);
        forEachResult("chaos-late-updates", updates::late);
        forEachResult("chaos-updates", updates::add);
        updates.end();
        Totals totals = new Totals(visits, verdict);
        forEachResult("chaos-late-totals", totals::late);
        forEachResult("chaos-totals", totals::add);
        totals.end();
        Matches matches = new Matches(actions, verdict);
        forEachResult("chaos-late-matches", matches::late);
        forEachResult("chaos-matches", matches::add);
        matches.end();
    }

    /** Event time has ended: nothing waits any more. */
    @Override
    protected void judgeChangelogs(Map<String, ChangelogReplay> changelogs) {
        int waiting = changelogs.get(UNMATCHED).size();
        if (waiting > 0) verdict.storeDiffers(UNMATCHED + " has " + waiting + " rows at the end");
    }
}
