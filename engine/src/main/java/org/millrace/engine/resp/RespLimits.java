package org.millrace.engine.resp;

/** What a {@link RespReader} accepts. Plain fields: one object for clients, one for the link to a primary. */
public final class RespLimits
{
    /** Most arguments of one command. */
    public static final int ARGS_MAX = Integer.MAX_VALUE;

    /** Longest line: an inline command, or a length. */
    public static final int LINE_MAX = 64 * 1024;

    /** Most arguments before AUTH. */
    public static final int UNAUTHENTICATED_ARGS_MAX = 10;

    /** Longest bulk string before AUTH. */
    public static final int UNAUTHENTICATED_BULK_MAX = 16384;

    /** Longest bulk string: proto-max-bulk-len. */
    public long bulkMax = 512L << 20;
}
