package millrace.bench;

/** A row of the table of join. Public fields: the quickest that Jackson binds to. */
public final class Profile {
    public String user;
    public String country;
    public String plan;
    public long since;
    public String pad;
}
