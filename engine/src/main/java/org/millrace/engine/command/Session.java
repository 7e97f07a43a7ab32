package org.millrace.engine.command;

/**
 * On whose behalf commands run: a {@link Client}, the link to a primary, a program that embeds the node. It has what
 * commands are run by; what only some have is theirs. Writer thread only.
 */
public abstract class Session
{
    private final long id;

    /** Selected database. */
    public int db;

    /** RESP version of replies, 2 or 3. */
    public int protocol = 2;

    /** True once AUTH succeeded or no password is needed. */
    public boolean isAuthenticated;

    /** What it may do; never null. */
    public Rights rights = Rights.ALL;

    /** The link to our primary: never refused, keys never expire for it. */
    public boolean isPrimaryLink;

    /** CLIENT NO-TOUCH: reads do not move the access clock. */
    public boolean isNoTouch;

    /** What its commands change does not go into the stream: a script has asked for that. */
    public boolean isBesideStream;

    /** Offset of the stream right after the last command of this session that propagated: what WAIT waits for. */
    public long lastWriteOffset;

    /** The row of the last command that was run; null before the first. */
    public CommandSpec lastSpec;

    protected Session(final long id)
    {
        this.id = id;
    }

    public long id()
    {
        return id;
    }

    /** It need not authenticate: it has, or whoever connects may do what it may. */
    public final boolean isLetIn()
    {
        return isAuthenticated || rights.isOpen();
    }

    /** {@code ip:port} or {@code [ip]:port} of who is at the other end, for people; empty if nobody is. */
    public String address()
    {
        return "";
    }

    /** The name it has given itself, for people; empty if none. */
    public String name()
    {
        return "";
    }

    /** Its commands are those of a script. */
    public boolean isScript()
    {
        return false;
    }

    /** The open MULTI, or null. */
    public OpenMulti multi()
    {
        return null;
    }

    /** Any subscription of any kind. */
    public boolean isSubscribed()
    {
        return false;
    }

    /** It is told of all commands, and counts as a replica: it may not touch the keyspace. */
    public boolean isMonitor()
    {
        return false;
    }

    /** Answer later: no further command of this session runs until {@code blocked} is done. See {@link CommandContext#block}. */
    protected abstract void block(BlockedCommand blocked);

    /** End it once the replies written so far have been sent; nothing for one that has no end of its own. */
    public void closeAfterReplies()
    {
        // Most sessions are not ended by a command.
    }
}
