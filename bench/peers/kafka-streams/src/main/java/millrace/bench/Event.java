package millrace.bench;

/** A record of the input. Public fields: the quickest that Jackson binds to. */
public final class Event {
    public long id;
    public String user;
    public long amount;
    public String type;
    public String pad;
}
