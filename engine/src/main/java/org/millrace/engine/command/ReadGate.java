package org.millrace.engine.command;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says whether reader threads may serve reads, so that they never see what a client of the writer could not: the gate
 * is closed while the node as a whole refuses or holds back commands, while somebody listens to all of them, and
 * while a command that changes several things runs, which others must see changed all at once.
 *
 * <p>It is a sequence, odd while closed. A reader takes it before each command, looks, and takes it again: the same
 * even number twice means that nothing of what closes the gate has happened in between; else what it saw does not
 * count. The writer closes before the first store of what it guards and opens after the last.
 *
 * <pre>
 *   word       written                     read                        pairs
 *   sequence   writer, with a fence, to    reader, acquire, before     a reader that starts open sees all that was
 *              close; release, to open                                 stored before it was opened
 *                                          reader, after a load fence  a reader that saw a store made behind the
 *                                                                      closed gate sees it closed
 * </pre>
 */
public final class ReadGate
{
    /** The data set is being loaded. */
    public static final int LOADING = 1;

    /** This replica is not to serve what its primary may have changed long ago. */
    public static final int STALE = 1 << 1;

    /** CLIENT PAUSE for all commands. */
    public static final int PAUSED = 1 << 2;

    /** MONITOR, or a slow log so low that it takes what readers do: the writer alone tells of commands. */
    public static final int WATCHED = 1 << 3;

    /** The node does not serve yet, or no longer. */
    public static final int NOT_SERVING = 1 << 4;

    /** A user has lost rights, and reader threads still have connections of it. */
    public static final int RIGHTS = 1 << 5;

    private static final int UNIT = 1 << 6;
    private static final VarHandle SEQUENCE;

    static
    {
        try
        {
            SEQUENCE = MethodHandles.lookup().findVarHandle(ReadGate.class, "sequence", long.class);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long sequence = 1;
    private int reasons = NOT_SERVING;
    private int depth;
    private boolean isOn;
    private boolean isPingRefused;

    // Writer.

    /** There are reader threads: from now on the gate does something. */
    public void on()
    {
        isOn = true;
    }

    /** Close or open for some reasons, all others staying what they are. */
    public void set(final int reasonsSet, final int among)
    {
        final int now = reasons & ~among | reasonsSet & among;
        if (now == reasons || !isOn)
        {
            return;
        }

        final boolean wasClosed = 0 != reasons;
        reasons = now;
        if (!wasClosed)
        {
            SEQUENCE.setVolatile(this, sequence + 1);
            VarHandle.fullFence();
        }
        else if (0 == now)
        {
            SEQUENCE.setRelease(this, sequence + 1);
        }
    }

    /** Several changes that readers must see as one begin; may be nested. */
    public void beginUnit()
    {
        if (isOn && 1 == ++depth)
        {
            set(UNIT, UNIT);
        }
    }

    /** They are made. */
    public void endUnit()
    {
        if (isOn && 0 == --depth)
        {
            set(0, UNIT);
        }
    }

    /** From now on PING is the writer's, who refuses it as it refuses writes; or is not. */
    public void refusePing(final boolean isRefused)
    {
        if (isRefused != isPingRefused)
        {
            beginUnit();
            isPingRefused = isRefused;
            endUnit();
        }
    }

    // Readers, any thread.

    /** To be shown to {@link #isSame} after the read. */
    public long take()
    {
        return (long)SEQUENCE.getAcquire(this);
    }

    public static boolean isOpen(final long taken)
    {
        return 0 == (taken & 1);
    }

    /** Between {@link #take} and {@link #isSame}: whether PING is the writer's. */
    public boolean isPingRefused()
    {
        return isPingRefused;
    }

    /** True if what was read since counts. */
    public boolean isSame(final long taken)
    {
        VarHandle.loadLoadFence();
        return taken == (long)SEQUENCE.getOpaque(this);
    }
}
