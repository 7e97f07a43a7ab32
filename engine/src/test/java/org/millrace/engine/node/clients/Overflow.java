package org.millrace.engine.node.clients;

/** Makes the messages of one client more than its buffer takes, which would want two gigabytes of them. */
public final class Overflow
{
    private Overflow()
    {
    }

    public static void of(final Clients clients, final long id, final String reason)
    {
        clients.find(id).output().overflow(reason);
    }
}
