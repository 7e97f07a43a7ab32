package org.millrace.embed;

/**
 * Told of what happens to a {@link MillraceNode}, on the node's writer thread: come back soon, since nothing is read or
 * written meanwhile, and do not wait for the node. What a method throws is logged.
 */
public interface MillraceListener
{
    /** The node has become a replica (REPLICAOF) or a primary. Not called for what it opens as. */
    default void onRoleChange(final boolean isReplica)
    {
    }

    /**
     * The link to this primary is in sync: the data is that of a recent moment of the primary's, and follows it from now
     * on. It has caught up once {@link MillraceNode#offset} is the primary's {@code master_repl_offset}.
     */
    default void onLinkUp(final String host, final int port)
    {
    }

    /** The link to the primary, which was in sync, is not any more. The data stays, and ages. */
    default void onLinkDown(final String reason)
    {
    }

    /** A write that was handed over without waiting was answered with this error, its code first. */
    default void onWriteFailed(final String error)
    {
    }
}
