import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a verifier has found. */
final class Verdict {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of each kind. */
    private static final int MOST_DIFFERENCES = 10;

    /** What kinds of differences there are, the worst first. */
    private enum Kind { LOST, WRONG, REORDERED, DUPLICATED, LEFT }

    long recordsIn;
    long recordsVerified;
    long lost;
    long duplicated;
    long reordered;
    long wrongResults;
    int openTransactions;
    boolean storesEqual = true;
    /** In words; the first ones. */
    private final Map<Kind, List<String>> differences = new EnumMap<>(Kind.class);

    void lose(long results, String difference) {
        lost += results;
        differ(Kind.LOST, difference);
    }

    void duplicate(String difference) {
        duplicated++;
        differ(Kind.DUPLICATED, difference);
    }

    void reorder(String difference) {
        reordered++;
        differ(Kind.REORDERED, difference);
    }

    void mistake(String difference) {
        wrongResults++;
        differ(Kind.WRONG, difference);
    }

    void storeDiffers(String difference) {
        storesEqual = false;
        differ(Kind.LEFT, difference);
    }

    void leaveOpen(String transaction) {
        openTransactions++;
        differ(Kind.LEFT, "transaction " + transaction + " is open");
    }

    private void differ(Kind kind, String difference) {
        List<String> told = differences.computeIfAbsent(kind, each -> new ArrayList<>());
        if (told.size() < MOST_DIFFERENCES) told.add(difference);
    }

    String toJson() throws JsonProcessingException {
        ObjectNode verdict = JSON.createObjectNode();
        verdict.put("recordsIn", recordsIn);
        verdict.put("recordsVerified", recordsVerified);
        verdict.put("lost", lost);
        verdict.put("duplicated", duplicated);
        verdict.put("reordered", reordered);
        verdict.put("wrongResults", wrongResults);
        verdict.put("openTransactions", openTransactions);
        verdict.put("storesEqual", storesEqual);
        ArrayNode told = verdict.putArray("differences");
        differences.values().forEach(ofKind -> ofKind.forEach(told::add));
        return JSON.writeValueAsString(verdict);
    }
}
