import java.util.HashSet;
import java.util.Set;

/** Numbers from 0 that must come one after the other, each once. */
final class Sequence {
    private final String name;
    private final Verdict verdict;
    private final Set<Integer> missing = new HashSet<>();
    private int next;

    Sequence(String name, Verdict verdict) {
        this.name = name;
        this.verdict = verdict;
    }

    void add(int number, String place) {
        if (number >= next) {
            while (next < number) missing.add(next++);
            next++;
        } else if (missing.remove(number)) {
            verdict.reorder(place + " comes late: number " + number + " of " + name);
        } else {
            verdict.duplicate(place + " comes again: number " + number + " of " + name);
        }
    }

    /** @param count how many numbers there are */
    void end(int count) {
        int absent = count - next + missing.size();
        if (absent > 0) verdict.lose(absent, absent + " of " + name + " are not in the output");
    }
}
