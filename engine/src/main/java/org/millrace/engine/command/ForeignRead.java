package org.millrace.engine.command;

/**
 * What a thread other than the writer can answer: reads of one key that need no decision of the writer's, and two that
 * need no key. Which command is which stands in its row, {@link CommandSpec#foreignRead()}.
 */
public final class ForeignRead
{
    /** The writer's alone. */
    public static final int NONE = -1;

    public static final int GET = 0;
    public static final int EXISTS = 1;
    public static final int STRLEN = 2;
    public static final int GETRANGE = 3;
    public static final int TTL = 4;
    public static final int PTTL = 5;
    public static final int MGET = 6;
    public static final int PING = 7;
    public static final int ECHO = 8;

    /** How many there are. */
    public static final int COUNT = 9;

    private ForeignRead()
    {
    }
}
