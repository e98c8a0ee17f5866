import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What a verifier has found. */
final class Verdict {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_DIFFERENCES = 20;

    long recordsIn;
    long recordsVerified;
    long lost;
    long duplicated;
    long reordered;
    long wrongResults;
    int openTransactions;
    boolean storesEqual = true;
    private final List<String> differences = new ArrayList<>();

    /** Takes note of a difference in words; the first ones are told. */
    void differ(String difference) {
        if (differences.size() < MOST_DIFFERENCES) differences.add(difference);
    }

    void lose(long results, String difference) {
        lost += results;
        differ(difference);
    }

    void duplicate(String difference) {
        duplicated++;
        differ(difference);
    }

    void reorder(String difference) {
        reordered++;
        differ(difference);
    }

    void mistake(String difference) {
        wrongResults++;
        differ(difference);
    }

    void storeDiffers(String difference) {
        storesEqual = false;
        differ(difference);
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
        differences.forEach(verdict.putArray("differences")::add);
        return JSON.writeValueAsString(verdict);
    }
}
