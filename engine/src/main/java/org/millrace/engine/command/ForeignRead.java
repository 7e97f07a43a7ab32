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
    public static final int HGET = 9;
    public static final int HEXISTS = 10;
    public static final int HLEN = 11;
    public static final int SISMEMBER = 12;
    public static final int SCARD = 13;
    public static final int ZSCORE = 14;
    public static final int ZCARD = 15;
    public static final int LLEN = 16;
    public static final int LINDEX = 17;
    public static final int HMGET = 18;
    public static final int HSTRLEN = 19;
    public static final int SMISMEMBER = 20;
    public static final int ZMSCORE = 21;
    public static final int ZRANK = 22;
    public static final int ZREVRANK = 23;
    public static final int XLEN = 24;

    /** How many there are. */
    public static final int COUNT = 25;

    private ForeignRead()
    {
    }
}
