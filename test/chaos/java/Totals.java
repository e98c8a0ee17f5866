import java.util.HashMap;
import java.util.Map;

/** The windows of each site, of what the windows of its pages have come to. Nothing is late there. */
final class Totals {
    private static final int SITES = 8;

    private final Verdict verdict;
    /** What they must be, by site and start; what has come is taken away. */
    private final Map<String, Map<Long, Integer>> expected = new HashMap<>();
    private final Map<String, Map<Long, Integer>> seen = new HashMap<>();
    private final Map<Integer, Long> closed = new HashMap<>();

    Totals(FinalVisits visits, Verdict verdict) {
        this.verdict = verdict;
        visits.sizes.forEach((page, windows) -> {
            Map<Long, Integer> ofSite = expected.computeIfAbsent(siteOf(page), site -> new HashMap<>());
            windows.forEach((start, size) -> ofSite.merge(start, size, Integer::sum));
        });
    }

    void late(Output output) {
        verdict.mistake(output.differs("is late, though nothing is that windows hand on"));
    }

    void add(Output result) {
        int count = result.number("count");
        if (seen.computeIfAbsent(result.key(), site -> new HashMap<>()).putIfAbsent(result.start(), count) != null) {
            verdict.duplicate(result.differs("is a second result"));
            return;
        }
        Integer right = expected.getOrDefault(result.key(), Map.of()).get(result.start());
        if (right == null || right != count) verdict.mistake(result.differs("should be " + right));
        long before = closed.getOrDefault(result.partition(), Long.MIN_VALUE);
        if (result.start() < before) verdict.reorder(result.differs("comes behind the window at " + before));
        closed.put(result.partition(), result.start());
    }

    void end() {
        expected.forEach((site, windows) -> windows.keySet().forEach(start -> {
            if (seen.getOrDefault(site, Map.of()).containsKey(start)) return;
            verdict.lose(1, "the total of " + site + " at " + start + " is not in the output");
        }));
    }

    private static String siteOf(String page) {
        return "site-" + Integer.parseInt(page.substring("page-".length())) % SITES;
    }
}
