package org.millrace.engine.command;

import org.millrace.engine.resp.ReplyWriter;

/** A command that answers later. Polled on the writer thread in every duty cycle until it is done. */
public interface BlockedCommand
{
    /** @return true once the reply has been written; the session goes on with its next command. */
    boolean poll(ReplyWriter reply, long nowNs);

    /** Earliest {@code nowNs} at which a poll may succeed without an event: a timeout; Long.MAX_VALUE for none. */
    long deadlineNs();

    /** The session is gone, or is unblocked by force; forget what was registered. */
    default void cancel()
    {
    }
}
