package org.millrace.engine.replication.replica;

import org.millrace.engine.replication.RandomIds;

/**
 * What a primary's answer to PSYNC means.
 *
 * @param replid history named in the reply, or null if none (properly) was.
 * @param offset of a full resync; -1 if none was named.
 */
record PsyncReply(Kind kind, String replid, long offset)
{
    enum Kind
    {
        /** An empty line: the primary is alive and will answer later. */
        WAIT,
        /** A snapshot follows. */
        FULL,
        /** The stream follows from the byte that was asked for. */
        CONTINUE,
        /** It cannot now but may later. */
        TRANSIENT,
        /** It says that it does not know PSYNC, or does not want it: SYNC may do. */
        UNSUPPORTED,
        /** Nothing that a primary answers: SYNC may do. */
        UNEXPECTED
    }

    private static final long NO_OFFSET = -1;

    /** It has what was asked for to give, or more. */
    boolean isAccepted()
    {
        return Kind.FULL == kind || Kind.CONTINUE == kind;
    }

    static PsyncReply parse(final String line)
    {
        if (line.isEmpty())
        {
            return new PsyncReply(Kind.WAIT, null, NO_OFFSET);
        }

        if (line.startsWith("+FULLRESYNC"))
        {
            return parseFull(line);
        }

        if (line.startsWith("+CONTINUE"))
        {
            // An argument of any other length is not an id; Redis ignores it.
            final boolean hasId = line.length() == 10 + RandomIds.LENGTH && ' ' == line.charAt(9);
            return new PsyncReply(Kind.CONTINUE, hasId ? line.substring(10) : null, NO_OFFSET);
        }

        return new PsyncReply(refusal(line), null, NO_OFFSET);
    }

    private static Kind refusal(final String line)
    {
        if (line.startsWith("-NOMASTERLINK") || line.startsWith("-LOADING"))
        {
            return Kind.TRANSIENT;
        }

        return line.startsWith("-ERR") ? Kind.UNSUPPORTED : Kind.UNEXPECTED;
    }

    private static PsyncReply parseFull(final String line)
    {
        final String[] words = line.split(" ");
        if (3 == words.length && RandomIds.LENGTH == words[1].length() && words[2].matches("\\d{1,18}"))
        {
            return new PsyncReply(Kind.FULL, words[1], Long.parseLong(words[2]));
        }

        return new PsyncReply(Kind.FULL, null, NO_OFFSET);
    }
}
