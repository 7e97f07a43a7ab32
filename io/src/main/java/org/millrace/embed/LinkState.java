package org.millrace.embed;

import java.util.Locale;

/** How the link from a replica to its primary stands. */
public enum LinkState
{
    /** There is none: the node is a primary. */
    NONE,

    /** Waiting for the next attempt. */
    CONNECT,

    /** A connection is being made. */
    CONNECTING,

    /** Connected; the two agree on what is to be sent. */
    HANDSHAKE,

    /** A snapshot of the primary is being loaded. */
    SYNC,

    /** In sync: changes arrive as the primary makes them. */
    CONNECTED;

    private static final LinkState[] VALUES = values();

    /** The word of ROLE for this state. */
    public String roleWord()
    {
        return name().toLowerCase(Locale.ROOT);
    }

    static LinkState ofRoleWord(final String word)
    {
        for (final LinkState state : VALUES)
        {
            if (state.name().equalsIgnoreCase(word))
            {
                return state;
            }
        }

        throw new IllegalStateException("unknown link state: " + word);
    }

    static LinkState of(final int ordinal)
    {
        return VALUES[ordinal];
    }
}
