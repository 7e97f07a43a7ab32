package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/**
 * What clients keep in caches of their own ({@code CLIENT TRACKING}), as those see it who run commands and change keys:
 * they tell of reads and changes, which is one look at a field while no client keeps anything. Writer thread.
 */
public abstract class ClientCaches
{
    /** There are no clients, so none keeps anything. */
    public static final ClientCaches NONE = new None();

    /** Somebody is to be told of changes. */
    protected boolean isOn;

    /** There are clients whose reads are to be remembered. */
    protected boolean isRemembering;

    /** The client whose command runs is to be told of changes once that has ended. */
    protected boolean isSomethingPending;

    private Session session;
    private boolean isRunning;
    private boolean isScript;

    /** Somebody may have to be told of changes: tell {@link #changed} of each. */
    public final boolean isOn()
    {
        return isOn;
    }

    final boolean isRemembering()
    {
        return isRemembering;
    }

    // Whose command it is.

    /** A command of this session is looked at, and perhaps runs: others change nothing until it has ended. */
    final void begin(final Session of)
    {
        session = of;
        isRunning = false;
    }

    /** It runs. */
    final void run()
    {
        isRunning = true;
    }

    /** It has replied; who is served by what it has changed has not been yet. */
    final void replied()
    {
        if (isSomethingPending)
        {
            tellPending();
        }
    }

    /** It has run, with all that it has caused. */
    final void end()
    {
        session = null;
        isScript = false;
    }

    /** A script of it calls a command, or has called one. */
    final void script(final boolean isCalling)
    {
        isScript = isCalling;
    }

    /** As {@link #end}, and the command that has caused it goes on. @param outer null if none has. */
    final void end(final Session outer, final boolean isOuterRunning)
    {
        session = outer;
        isRunning = isOuterRunning;
    }

    /** Whose command it is that makes changes now, the outermost; null if no command does. */
    public final Session session()
    {
        return session;
    }

    /** The command of {@link #session} runs. It does not yet while others make room for it. */
    public final boolean isRunning()
    {
        return isRunning;
    }

    /** It is a script that makes the changes. */
    protected final boolean isScript()
    {
        return isScript;
    }

    // What happens.

    /** Tell the client of {@link #session} what had to wait for its reply. */
    protected abstract void tellPending();

    /** The running command has read the keys that these arguments name. */
    protected abstract void onRead(CommandSpec row, ArgVector args);

    /** A key, in whatever database, has changed, or is about to go. */
    public abstract void changed(long keyAddress, int keyLength);

    /** Keys that nobody names one by one are about to change, or to go. */
    public abstract void flushing();

    /** Let go of keys beyond tracking-table-max-keys. */
    public abstract void keepWithinLimit();

    private static final class None extends ClientCaches
    {
        @Override
        protected void tellPending()
        {
            // There is nobody.
        }

        @Override
        protected void onRead(final CommandSpec row, final ArgVector args)
        {
            // Nobody keeps it.
        }

        @Override
        public void changed(final long keyAddress, final int keyLength)
        {
            // Nobody has it.
        }

        @Override
        public void flushing()
        {
            // Nobody has any.
        }

        @Override
        public void keepWithinLimit()
        {
            // There are none.
        }
    }
}
