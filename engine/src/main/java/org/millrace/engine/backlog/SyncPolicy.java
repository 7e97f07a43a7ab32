package org.millrace.engine.backlog;

/** When the log is brought to disk: {@code appendfsync}. */
public enum SyncPolicy
{
    /** Before anybody can see what was written. */
    ALWAYS(0, 0),

    /** Once a second, beside the writer. */
    EVERYSEC(1000, 1000),

    /** When the system would have done it anyway; what is written is marked all the same. */
    NO(1000, 30_000);

    private final long markMs;
    private final long forceMs;

    SyncPolicy(final long markMs, final long forceMs)
    {
        this.markMs = markMs;
        this.forceMs = forceMs;
    }

    /** The policy that the word of the option means. */
    public static SyncPolicy of(final String word)
    {
        return switch (word)
        {
            case "always" -> ALWAYS;
            case "everysec" -> EVERYSEC;
            default -> NO;
        };
    }

    /** Ms between two marks. */
    long markMs()
    {
        return markMs;
    }

    /** Ms between two syncs. */
    long forceMs()
    {
        return forceMs;
    }
}
