package millrace.bench;

/** What stream-join writes: the ids of two events that meet. */
public record Match(long view, long sale) {}
