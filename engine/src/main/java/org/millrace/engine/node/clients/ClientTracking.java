package org.millrace.engine.node.clients;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.tracking.Prefix;

/** How a client tracks keys that it keeps, or has tracked them. Writer thread. */
final class ClientTracking
{
    /** What a prefix takes, about, in the client's list and its own in that of all. */
    private static final long BYTES_PER_PREFIX = 96;

    /** What the tables know it by; never another's. */
    final int number;

    boolean isOn;
    boolean isBroadcast;
    boolean isOptIn;
    boolean isOptOut;

    /** It is not told of what it changes itself. */
    boolean isNoLoop;

    /** CLIENT CACHING stands before what comes next. */
    boolean isCachingGiven;

    /** Nobody has the id that messages were to go to. */
    boolean isRedirectBroken;

    /** Id of the client that messages go to; 0: to itself. */
    long redirect;

    /** In the order of bytes. */
    final List<Prefix> prefixes = new ArrayList<>(0);

    ClientTracking(final int number)
    {
        this.number = number;
    }

    /** Everything but what the client is known by is as at the beginning; prefixes are let go before. */
    void off()
    {
        isOn = false;
        isBroadcast = false;
        isOptIn = false;
        isOptOut = false;
        isNoLoop = false;
        isCachingGiven = false;
        isRedirectBroken = false;
    }

    /** True if the client's reads are to be remembered unless CLIENT CACHING says something else. */
    boolean isByReads()
    {
        return isOn && !isBroadcast;
    }

    /** True if what it reads now is to be remembered. */
    boolean isRemembering()
    {
        return isByReads() && (isOptIn ? isCachingGiven : !(isOptOut && isCachingGiven));
    }

    /** True if nothing would be amiss if another thread answered its next read. */
    boolean isPlain()
    {
        return !isByReads() || isOptIn && !isCachingGiven;
    }

    /** A command of the client has ended, and none is queued: CLIENT CACHING was for that. */
    void commandEnded()
    {
        isCachingGiven = false;
    }

    long bytes()
    {
        long bytes = 0;
        for (final Prefix prefix : prefixes)
        {
            bytes += BYTES_PER_PREFIX + prefix.length();
        }

        return bytes;
    }
}
