package org.millrace.embed;

/** When what a node writes is on disk, so that it outlives the process and the machine. */
public enum Durability
{
    /** With the next save; what was written since is lost with the process. */
    SAVES("no", "everysec"),

    /** With the process gone all is there; with the machine, what the system had written by then, half a minute or less. */
    SYSTEM("yes", "no"),

    /** With the process gone all is there; with the machine, all but about the last second. */
    EVERY_SECOND("yes", "everysec"),

    /** Before anybody is told of it: what is awaited is on disk once its future is complete. */
    ALWAYS("yes", "always");

    private final String appendOnly;
    private final String appendSync;

    Durability(final String appendOnly, final String appendSync)
    {
        this.appendOnly = appendOnly;
        this.appendSync = appendSync;
    }

    /** Value of the option {@code appendonly}. */
    String appendOnly()
    {
        return appendOnly;
    }

    /** Value of the option {@code appendfsync}. */
    String appendSync()
    {
        return appendSync;
    }
}
