import com.fasterxml.jackson.databind.JsonNode;

/** Judges the results of one join. */
interface JoinJudge {
    /** The topic of the results. */
    String output();

    /** Takes a result, those of a key in their order. */
    void add(Result result);

    /** All results are there. */
    void end();

    /** A record of the output; `value` null: a tombstone. */
    record Result(String key, JsonNode value, long timestamp, String place) {
        /** A number in the value; null: it has none. */
        Integer number(String field) {
            JsonNode number = value.get(field);
            return number.isNull() ? null : Integer.valueOf(number.asInt());
        }

        String differs(String problem) {
            return place + " (" + key + ": " + value + ") " + problem;
        }
    }
}
