package millrace.bench;

/** What join writes: two fields of an event, and two of its user's profile. */
public record Enriched(long id, long amount, String country, String plan) {}
