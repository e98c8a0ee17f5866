import com.fasterxml.jackson.databind.JsonNode;

/** A record of an output whose values are JSON. */
record Output(String key, JsonNode value, long timestamp, int partition, String place) {
    interface Judge {
        void take(Output output);
    }

    /** A number in the value; -1: it has none. */
    int number(String field) {
        JsonNode number = value.get(field);
        return number.isNull() ? -1 : number.asInt();
    }

    long start() {
        return value.get("start").asLong();
    }

    String differs(String problem) {
        return place + " (" + key + ": " + value + " @" + timestamp + ") " + problem;
    }
}
