package millrace.bench;

/** What filter-map writes: two fields of an event. */
public record Sale(long id, long amount) {}
