package org.millrace.engine.acl;

/**
 * One kind of denial. Immutable.
 *
 * @param object name of the command, key or channel.
 * @param client line about who asked last.
 * @param createdMs wall clock, as {@code updatedMs}.
 * @param count how often.
 */
record AclLogEntry(
    long id,
    String reason,
    String context,
    String object,
    String user,
    String client,
    long createdMs,
    long updatedMs,
    long count)
{
    boolean isAboutSame(final AclLogEntry other)
    {
        return reason.equals(other.reason) && context.equals(other.context) && object.equals(other.object) &&
            user.equals(other.user);
    }

    AclLogEntry again(final String newClient, final long nowMs)
    {
        return new AclLogEntry(id, reason, context, object, user, newClient, createdMs, nowMs, count + 1);
    }
}
